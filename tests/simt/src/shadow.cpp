#include "shadow.h"

#include <sys/mman.h>

#include <cstring>
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
  return (region.size + 7) / 8 + sizeof(uint32_t);  // bits_at reads whole words
}

size_t history_bytes(const Region& region) {
  return (region.size + 3) / 4 * sizeof(WordHistory);
}

/// The bits of up to 25 bytes at any offset, in the low bits of a word.
uint32_t bits_at(const Region& region, size_t offset) {
  uint32_t word;
  std::memcpy(&word, region.initialised + offset / 8, sizeof word);
  return word >> offset % 8;
}

constexpr uint32_t mask_of(size_t bytes) {
  return (1u << bytes) - 1;
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
  constexpr size_t kAtOnce = 16;
  for (; bytes > kAtOnce; offset += kAtOnce, bytes -= kAtOnce) {
    if ((~bits_at(region, offset) & mask_of(kAtOnce)) != 0) return false;
  }
  return (~bits_at(region, offset) & mask_of(bytes)) == 0;
}

void set_initialised(const Region& region, size_t offset, size_t bytes, bool value) {
  const auto set = [&](size_t from, size_t count) {  // within one byte of the bitmap
    const auto mask = static_cast<uint8_t>(mask_of(count) << from % 8);
    uint8_t& byte = region.initialised[from / 8];
    byte = static_cast<uint8_t>(value ? byte | mask : byte & ~mask);
  };
  const size_t end = offset + bytes, first_whole = (offset + 7) / 8, end_whole = end / 8;
  if (first_whole > end_whole) {
    set(offset, bytes);
    return;
  }
  set(offset, first_whole * 8 - offset);
  std::memset(region.initialised + first_whole, value ? 0xff : 0, end_whole - first_whole);
  set(end_whole * 8, end - end_whole * 8);
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
