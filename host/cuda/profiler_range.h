// Names in a profiler's timeline.
#pragma once

#include <nvtx3/nvToolsExt.h>

namespace sac::cuda {

/// An NVTX range from construction to destruction. Costs nothing unless a profiler listens.
class ProfilerRange {
 public:
  explicit ProfilerRange(const char* name) { nvtxRangePushA(name); }
  ~ProfilerRange() { nvtxRangePop(); }
  ProfilerRange(const ProfilerRange&) = delete;
  ProfilerRange& operator=(const ProfilerRange&) = delete;
};

}  // namespace sac::cuda
