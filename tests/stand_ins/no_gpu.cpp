// Stands in for the GPU in programs that test what there is beside it.
#include <stdexcept>

#include "host/cuda/cuda_learner.h"
#include "host/cuda/gpu.h"

namespace sac::cuda {
namespace {

[[noreturn]] void absent() {
  throw std::logic_error("there is no GPU in this program");
}

}  // namespace

std::string kernels_in_this_build() {
  return "no CUDA kernels";
}

GpuProbe probe_gpu() {
  return {false, "no NVIDIA GPU here"};
}

void use_gpu(int) {}

std::string why_no_exchange() {
  absent();
}

GpuMemory gpu_memory() {
  absent();
}

SharedMemory fused_shared_memory(int, Precision) {
  absent();
}

std::unique_ptr<Learner> make_cuda_learner(const LearnerConfig&) {
  absent();
}

}  // namespace sac::cuda
