// Is there a GPU that can train?
#pragma once

#include <string>

namespace sac::cuda {

/// What was found on this machine.
struct GpuProbe {
  bool usable = false;
  std::string line;  ///< the GPU's name and size, or in one line why there is none
};

/// What this build can run on a GPU: "CUDA kernels for sm_90", or that there are none.
std::string kernels_in_this_build();

/// Looks at device 0. Never throws.
GpuProbe probe_gpu();

}  // namespace sac::cuda
