// Stands in for the GPU in a build without nvcc.
#include <stdexcept>

#include "host/cuda/cuda_learner.h"
#include "host/cuda/gpu.h"

namespace sac::cuda {

std::string kernels_in_this_build() {
  return "no CUDA kernels";
}

GpuProbe probe_gpu() {
  return {false, "this build has no CUDA learner"};
}

SharedMemory fused_shared_memory(int, Precision) {
  return {};
}

std::unique_ptr<Learner> make_cuda_learner(const LearnerConfig&) {
  throw std::logic_error(probe_gpu().line);
}

}  // namespace sac::cuda
