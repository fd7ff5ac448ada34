// Stands in for the GPU in a build without nvcc.
#include <stdexcept>

#include "host/cuda/cuda_learner.h"
#include "host/cuda/gpu.h"

namespace sac::cuda {

GpuProbe probe_gpu() {
  return {false, "this build has no CUDA learner"};
}

bool has_fused_kernels(int) {
  return false;
}

SharedMemory fused_shared_memory(int, Precision) {
  return {};
}

std::unique_ptr<Learner> make_cuda_learner(const LearnerConfig&) {
  throw std::logic_error(probe_gpu().line);
}

}  // namespace sac::cuda
