// Is there a GPU that can train?
#pragma once

#include <string>

namespace sac::cuda {

/// What was found on this machine.
struct GpuProbe {
  bool usable = false;
  std::string line;  ///< the GPU's name and size, or in one line why there is none
};

/// Looks at device 0. Never throws.
GpuProbe probe_gpu();

}  // namespace sac::cuda
