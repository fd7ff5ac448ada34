// Is there a GPU that can train?
#pragma once

#include <cstddef>
#include <string>

namespace sac::cuda {

/// What was found on this machine.
struct GpuProbe {
  bool usable = false;
  std::string line;          ///< the GPU's name and size, or in one line why there is none
  double first_seconds = 0;  ///< that the first look of this process took: it starts CUDA
};

/// What this build can run on a GPU: "CUDA kernels for sm_90", or that there are none.
std::string kernels_in_this_build();

/// The calling thread's device, counted round where there are fewer; nothing where there is none.
void use_gpu(int number);

/// Looks at device 0, and whether this build has code for it. Never throws.
GpuProbe probe_gpu();

/// Why several processes, each on a GPU, cannot be one run in this build or on this machine; empty
/// if they can.
std::string why_no_exchange();

/// Bytes of the memory of the calling thread's device.
struct GpuMemory {
  size_t free, total;
};

/// Of a usable GPU. Throws CudaError.
GpuMemory gpu_memory();

}  // namespace sac::cuda
