#include "shadow.h"

#include <sys/mman.h>

#include <algorithm>
#include <new>

#include "simt/inspect.h"

namespace simt {
namespace {

/// Zeroed memory whose pages come with the first touch.
void* map_zeros(size_t bytes) {
  void* zeros = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (zeros == MAP_FAILED) throw std::bad_alloc();
  return zeros;
}

size_t bitmap_bytes(const Region& region) {
  return (region.size + 7) / 8;
}

size_t history_bytes(const Region& region) {
  return (region.size + 3) / 4 * sizeof(WordHistory);
}

/// Calls f(byte of the bitmap, mask of the bits meant) until it returns false.
template <class F>
void for_each_bitmap_byte(const Region& region, size_t offset, size_t bytes, F&& f) {
  const size_t end = offset + bytes;
  while (offset < end) {
    const size_t bit = offset % 8, bits = std::min(8 - bit, end - offset);
    if (!f(region.initialised[offset / 8], static_cast<uint8_t>(((1u << bits) - 1) << bit))) return;
    offset += bits;
  }
}

}  // namespace

void attach_shadow(Region& region) {
  if (!checked()) return;
  region.initialised = static_cast<uint8_t*>(map_zeros(bitmap_bytes(region)));
  region.history = static_cast<WordHistory*>(map_zeros(history_bytes(region)));
  // The host may write pinned memory without a call.
  if (region.space == Space::pinned) set_initialised(region, 0, region.size, true);
}

void detach_shadow(Region& region) {
  if (!region.history) return;
  munmap(region.initialised, bitmap_bytes(region));
  munmap(region.history, history_bytes(region));
}

bool is_initialised(const Region& region, size_t offset, size_t bytes) {
  bool all = true;
  for_each_bitmap_byte(region, offset, bytes,
                       [&](uint8_t byte, uint8_t mask) { return all = (byte & mask) == mask; });
  return all;
}

void set_initialised(const Region& region, size_t offset, size_t bytes, bool value) {
  for_each_bitmap_byte(region, offset, bytes, [&](uint8_t& byte, uint8_t mask) {
    byte = static_cast<uint8_t>(value ? byte | mask : byte & ~mask);
    return true;
  });
}

void mark_initialised(const void* begin, size_t bytes) {
  const Region* region = arena().find(begin);
  if (!region || !region->history) return;
  const auto offset = static_cast<size_t>(static_cast<const uint8_t*>(begin) - region->begin);
  set_initialised(*region, offset, bytes, true);
}

void copy_initialised(const void* to, const void* from, size_t bytes) {
  const Region* target = arena().find(to);
  const Region* source = arena().find(from);
  if (!target || !target->history) return;
  mark_initialised(to, bytes);
  if (!source) return;
  const auto to_offset = static_cast<size_t>(static_cast<const uint8_t*>(to) - target->begin);
  const auto from_offset = static_cast<size_t>(static_cast<const uint8_t*>(from) - source->begin);
  for (size_t i = 0; i < bytes; ++i) {
    if (!is_initialised(*source, from_offset + i, 1)) {
      set_initialised(*target, to_offset + i, 1, false);
    }
  }
}

}  // namespace simt
