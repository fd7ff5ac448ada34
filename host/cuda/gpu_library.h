// libsac_cuda_gpu.so: kernels and learner as a library of their own, for a program that was built
// without. Whoever has a GPU puts it beside the program, which finds it when it looks for a GPU.
#pragma once

#include <memory>
#include <string>

#include "host/cuda/cuda_learner.h"
#include "host/cuda/gpu.h"

namespace sac::cuda {

/// gpu.h and cuda_learner.h as the library has them. It is one with the program as to classes,
/// exceptions and allocation: both must be made from the same sources.
struct GpuLibrary {
  const char* made_from;  ///< version and commit; unless it is the program's, no more may be read
  decltype(&cuda::kernels_in_this_build) kernels_in_this_build;
  decltype(&cuda::use_gpu) use_gpu;
  decltype(&cuda::probe_gpu) probe_gpu;
  decltype(&cuda::why_no_exchange) why_no_exchange;
  decltype(&cuda::gpu_memory) gpu_memory;
  decltype(&cuda::fused_shared_memory) fused_shared_memory;
  decltype(&cuda::make_cuda_learner) make_cuda_learner;
};

/// The file, and the only symbol in it: a GpuLibrary.
inline constexpr const char* kGpuLibraryFile = "libsac_cuda_gpu.so";
inline constexpr const char* kGpuLibrarySymbol = "sac_cuda_gpu_library";

}  // namespace sac::cuda
