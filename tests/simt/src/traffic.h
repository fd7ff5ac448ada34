// Counts bank conflicts and memory sectors of warp-wide accesses.
//
// Lanes of a warp reach an instruction one after the other here. Accesses belong together if they
// come from the same instruction and each is its lane's n-th there since the lanes last met.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "simt/inspect.h"

namespace simt {

/// What one lane did.
struct LaneAccess {
  uintptr_t site;     ///< of the instruction
  unsigned instance;  ///< how often the lane was there before, since the lanes last met
  unsigned lane;
  uintptr_t address;  ///< shared memory: offset in the block's
  unsigned bytes;
  bool shared;
};

/// Passes that shared memory makes over one warp-wide access, lanes ascending, and the fewest that
/// the same bytes need. There are 32 banks of 4 bytes, and a pass reads one word from each.
int64_t wavefronts(std::span<const LaneAccess> lanes);
int64_t ideal_wavefronts(std::span<const LaneAccess> lanes);

/// 32-byte sectors that one warp-wide access touches, and that its bytes would fill.
int64_t sectors(std::span<const LaneAccess> lanes);
int64_t ideal_sectors(std::span<const LaneAccess> lanes);

/// The accesses of one block that are not yet counted, by warp.
class TrafficLog {
 public:
  void begin_block(unsigned warps);
  void record(unsigned warp, LaneAccess access);

  /// Counts what these lanes did: they have met, at a barrier or at the end.
  void count(const void* kernel, unsigned warp, unsigned lanes);

 private:
  struct Warp {
    std::vector<LaneAccess> accesses;
    std::array<std::map<uintptr_t, unsigned>, 32> visits;  // by lane and site
  };
  std::vector<Warp> warps_;
};

void count_launch(const void* kernel);
void forget_traffic();

}  // namespace simt
