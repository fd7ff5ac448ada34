// Memory of the simulated device, in one reserved range of addresses. Each allocation ends against
// a guard page, and what alignment leaves between the two is watched.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace simt {

struct WordHistory;

inline constexpr size_t kPageBytes = 4096;

enum class Space { device, pinned, shared };

/// One allocation.
struct Region {
  uint8_t* begin;
  size_t size;
  Space space;

  // Kept for checked kernels only (shadow.h).
  uint8_t* initialised = nullptr;  ///< one bit per byte
  WordHistory* history = nullptr;  ///< one per four bytes

  bool contains(const void* address, size_t bytes) const {
    const size_t offset = static_cast<size_t>(static_cast<const uint8_t*>(address) - begin);
    return offset < size && bytes <= size - offset;
  }
};

class Arena {
 public:
  Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  /// Bytes aligned to 256 and filled with 0xff (NaN); null if the arena is full.
  Region* allocate(size_t bytes, Space space);

  /// Afterwards every access to the region faults, until the addresses come round again.
  void release(Region* region);

  /// The region whose pages hold the address (which may lie outside of its bytes), or null.
  Region* find(const void* address) const {
    const uintptr_t page = page_of(address);
    return page < kPages ? owners_[page] : nullptr;
  }

  /// True for any address of the range, allocated or not.
  bool owns(const void* address) const { return page_of(address) < kPages; }

  /// Regions whose surroundings were written to since the last call.
  std::vector<const Region*> take_damaged();

  /// Where the address lies, in words.
  std::string describe(const void* address) const;

  size_t free_bytes() const;
  size_t total_bytes() const;

 private:
  static constexpr size_t kPages = (size_t{64} << 30) / kPageBytes;

  uintptr_t page_of(const void* address) const {
    return (reinterpret_cast<uintptr_t>(address) - reinterpret_cast<uintptr_t>(base_)) / kPageBytes;
  }
  size_t find_gap(size_t pages) const;

  uint8_t* base_;
  size_t used_ = 0;
  size_t cursor_ = 1;  // page where the next search starts; addresses return late
  Region** owners_;    // by page
  mutable std::mutex mutex_;
  std::map<const uint8_t*, std::unique_ptr<Region>> regions_;  // by begin
};

/// The device's memory. It lives as long as the process.
Arena& arena();

}  // namespace simt
