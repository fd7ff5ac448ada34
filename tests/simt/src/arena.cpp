#include "arena.h"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

#include "sanitizer.h"
#include "shadow.h"

namespace simt {
namespace {

constexpr uint8_t kFill = 0xff;     // NaN in every floating-point format
constexpr uint8_t kCanary = 0xcb;   // surroundings of an allocation
constexpr size_t kAlignment = 256;  // cudaMalloc's
constexpr size_t kWatched = 256;    // bytes before an allocation, and at most those behind
constexpr size_t kGuardPages = 16;  // between allocations
constexpr size_t kCapacity = size_t{16} << 30;

void* reserve(size_t bytes, int protection) {
  void* range =
      mmap(nullptr, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (range == MAP_FAILED) throw std::bad_alloc();
  return range;
}

size_t rounded_up(size_t n, size_t unit) {
  return (n + unit - 1) / unit * unit;
}

/// Bytes next to an allocation that should keep the canary.
struct Surrounding {
  uint8_t* begin;
  size_t size;

  void mark() const { std::memset(begin, kCanary, size); }
  bool damaged() const {
    static constexpr auto kIntact = [] {
      std::array<uint8_t, kWatched> bytes{};
      bytes.fill(kCanary);
      return bytes;
    }();
    return std::memcmp(begin, kIntact.data(), size) != 0;
  }
};

Surrounding before(const Region& region) {
  const size_t in_page = reinterpret_cast<uintptr_t>(region.begin) % kPageBytes;
  const size_t size = std::min(in_page, kWatched);
  return {region.begin - size, size};
}

Surrounding behind(const Region& region) {
  return {region.begin + region.size, rounded_up(region.size, kAlignment) - region.size};
}

const char* name(Space space) {
  switch (space) {
    case Space::device:
      return "a device allocation";
    case Space::pinned:
      return "a pinned host allocation";
    case Space::shared:
      return "the block's shared memory";
  }
  return "";
}

}  // namespace

Arena::Arena()
    : base_(static_cast<uint8_t*>(reserve(kPages * kPageBytes, PROT_NONE))),
      owners_(static_cast<Region**>(reserve(kPages * sizeof(Region*), PROT_READ | PROT_WRITE))) {}

size_t Arena::find_gap(size_t pages) const {
  for (size_t at : {cursor_, size_t{1}}) {
    auto next = regions_.lower_bound(base_ + at * kPageBytes);
    for (;; ++next) {
      const size_t end = next == regions_.end() ? kPages : page_of(next->first);
      if (end - at >= pages + kGuardPages) return at;
      if (next == regions_.end()) break;
      at = page_of(next->first + next->second->size - 1) + 1 + kGuardPages;
    }
  }
  return 0;
}

Region* Arena::allocate(size_t bytes, Space space) {
  const std::lock_guard lock(mutex_);
  if (bytes == 0 || bytes > free_bytes()) return nullptr;
  const size_t pages = rounded_up(bytes, kPageBytes) / kPageBytes;
  const size_t first = find_gap(pages);
  if (first == 0) return nullptr;
  uint8_t* low = base_ + first * kPageBytes;
  uint8_t* high = low + pages * kPageBytes;
  if (mprotect(low, pages * kPageBytes, PROT_READ | PROT_WRITE) != 0) return nullptr;
  auto region = std::make_unique<Region>();
  region->begin = high - rounded_up(bytes, kAlignment);
  region->size = bytes;
  region->space = space;
  sanitizer::unpoison(low, pages * kPageBytes);
  std::memset(region->begin, kFill, bytes);
  before(*region).mark();
  behind(*region).mark();
  sanitizer::poison(low, static_cast<size_t>(region->begin - low));
  sanitizer::poison(region->begin + bytes, static_cast<size_t>(high - region->begin) - bytes);
  attach_shadow(*region);
  std::fill(owners_ + first, owners_ + first + pages, region.get());
  cursor_ = first + pages + kGuardPages;
  used_ += bytes;
  Region* result = region.get();
  regions_.emplace(result->begin, std::move(region));
  return result;
}

void Arena::release(Region* region) {
  const std::lock_guard lock(mutex_);
  detach_shadow(*region);
  const size_t first = page_of(region->begin);
  const size_t pages = page_of(region->begin + region->size - 1) + 1 - first;
  // A fresh mapping gives the pages back to the system and makes every access fault.
  mmap(base_ + first * kPageBytes, pages * kPageBytes, PROT_NONE,
       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
  std::fill(owners_ + first, owners_ + first + pages, nullptr);
  used_ -= region->size;
  regions_.erase(region->begin);
}

std::vector<const Region*> Arena::take_damaged() {
  std::vector<const Region*> damaged;
  if (sanitizer::kAddress) return damaged;  // AddressSanitizer stops at the access itself
  const std::lock_guard lock(mutex_);
  for (const auto& [begin, region] : regions_) {
    if (!before(*region).damaged() && !behind(*region).damaged()) continue;
    before(*region).mark();
    behind(*region).mark();
    damaged.push_back(region.get());
  }
  return damaged;
}

size_t Arena::free_bytes() const {
  return kCapacity - used_;
}

size_t Arena::total_bytes() const {
  return kCapacity;
}

std::string Arena::describe(const void* address) const {
  const std::lock_guard lock(mutex_);
  const auto* byte = static_cast<const uint8_t*>(address);
  if (!owns(address)) return "an address outside of device memory";
  const auto next = regions_.upper_bound(byte);
  const auto words = [](size_t distance, const char* where, const Region& region) {
    return std::to_string(distance) + where + name(region.space) + " of " +
           std::to_string(region.size) + " bytes";
  };
  if (next != regions_.begin()) {
    const Region& region = *std::prev(next)->second;
    const size_t offset = static_cast<size_t>(byte - region.begin);
    if (offset < region.size) return "offset " + words(offset, " of ", region);
    if (next == regions_.end() || offset - region.size < static_cast<size_t>(next->first - byte)) {
      return words(offset - region.size, " bytes past the end of ", region);
    }
  }
  if (next == regions_.end()) return "an address of no allocation";
  return words(static_cast<size_t>(next->first - byte), " bytes before ", *next->second);
}

Arena& arena() {
  static Arena& device = *new Arena;
  return device;
}

}  // namespace simt
