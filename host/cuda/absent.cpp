// Stands in for the GPU in a build without kernels.
#include <filesystem>
#include <stdexcept>

#include "host/cuda/cuda_learner.h"
#include "host/cuda/gpu.h"

namespace sac::cuda {

std::string kernels_in_this_build() {
  return "no CUDA kernels";
}

GpuProbe probe_gpu() {
  // The driver lists its GPUs there; without a driver there is no such directory.
  std::error_code absent;
  const std::filesystem::directory_iterator gpus("/proc/driver/nvidia/gpus", absent);
  const bool none = absent || gpus == std::filesystem::directory_iterator();
  return {false, none ? "no NVIDIA GPU here"
                      : "this build has no CUDA kernels for the GPU here; build it again with the "
                        "CUDA Toolkit"};
}

void use_gpu(int) {}

GpuMemory gpu_memory() {
  throw std::logic_error(probe_gpu().line);
}

SharedMemory fused_shared_memory(int, Precision) {
  return {};
}

std::unique_ptr<Learner> make_cuda_learner(const LearnerConfig&) {
  throw std::logic_error(probe_gpu().line);
}

}  // namespace sac::cuda
