// Finds races and uninitialised reads from the accesses of a block's threads.
//
// Two accesses are ordered if the same thread makes them, if a block barrier lies between them, or
// if __syncwarp calls lead from one lane to the other. Blocks of a launch are never ordered among
// themselves; launches are. Atomics do not race with atomics.
//
// A phase is what lies between two barriers of a block. Phases are numbered through all blocks and
// launches, so a phase number also tells the block and the launch. Within a phase each warp has a
// clock that advances with every __syncwarp; seen_[warp][a][b] is the time up to which lane b's
// accesses are ordered before what lane a does next.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "findings.h"
#include "shadow.h"

namespace simt {

enum class AccessKind { read, write, atomic };

/// One access by one thread of the block; within the region.
struct Access {
  const Region* region;
  size_t offset, bytes;
  AccessKind kind;
  unsigned thread;
  uintptr_t site;  ///< code address
};

/// Something wrong with an access, in words.
struct Problem {
  Finding finding;
  std::string message;
};

class AccessChecker {
 public:
  void begin_launch();
  void begin_block(unsigned warps, const Region* shared);
  void block_barrier() { ++phase_; }
  void warp_barrier(unsigned warp, unsigned lanes);

  /// Remembers the access and says what is wrong with it.
  std::optional<Problem> check(const Access& access);

 private:
  using Seen = std::array<std::array<uint32_t, 32>, 32>;

  Problem describe_race(const Access& access, const WordHistory& word, bool with_write) const;
  uint32_t horizon(const Access& access) const;  ///< first phase that matters
  bool ordered(uint32_t phase, uint32_t time, unsigned earlier, unsigned later) const;
  bool races_with_write(const Access& access, const WordHistory& word, uint8_t bytes) const;
  bool races_with_reads(const Access& access, const WordHistory& word, uint8_t bytes) const;
  void remember_read(const Access& access, WordHistory& word, uint8_t bytes) const;
  void remember_write(const Access& access, WordHistory& word, uint8_t bytes) const;

  uint32_t phase_ = 1;
  uint32_t launch_start_ = 1;        // first phase of this launch
  uint32_t block_start_ = 1;         // first phase of this block
  std::array<uint32_t, 32> time_{};  // of each warp
  std::array<Seen, 32> seen_{};
};

}  // namespace simt
