// What checked kernels know of device memory besides its bytes: which were ever written, and who
// touched each word last.
#pragma once

#include <cstddef>
#include <cstdint>

#include "arena.h"

namespace simt {

/// The latest accesses to four bytes. Phases and times are AccessChecker's; phase 0 is "never".
/// Accesses to parts of a word are told apart by the bytes they touch; of those to different parts
/// only the latest is remembered, so that races may be missed but never invented.
struct WordHistory {
  uint32_t write_phase, write_time;
  uint32_t read_phase, read_time;
  uint32_t read_lanes;  ///< of read_warp
  uint32_t write_site;  ///< code address, as an offset into the program
  uint16_t writer;      ///< thread in its block
  uint8_t read_warp;    ///< or kSeveralWarps
  uint8_t write_bytes : 4, read_bytes : 4;
  bool atomic_write;
  bool several_blocks;  ///< have read it in this launch

  static constexpr uint8_t kSeveralWarps = 255;  ///< no warp's number: ordered with nobody
};

/// Called by the arena for each new region and before it goes. Do nothing without checked kernels.
void attach_shadow(Region& region);
void detach_shadow(Region& region);

/// True if all these bytes of the region were written.
bool is_initialised(const Region& region, size_t offset, size_t bytes);
void set_initialised(const Region& region, size_t offset, size_t bytes, bool value);

/// The same for addresses, where they lie in a region; host memory counts as initialised.
void mark_initialised(const void* begin, size_t bytes);
void copy_initialised(const void* to, const void* from, size_t bytes);

}  // namespace simt
