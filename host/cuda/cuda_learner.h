// The learner on a GPU: simulators, replay and networks live in device memory.
#pragma once

#include <memory>

#include "host/base/learner.h"

namespace sac::cuda {

/// Bytes of shared memory that a block of the fused kernels needs, and that device 0 gives it.
struct SharedMemory {
  size_t needed, available;
};
SharedMemory fused_shared_memory(int hidden, Precision precision);

/// Makes a learner on device 0. Throws std::invalid_argument for a configuration that the kernels
/// do not serve (hidden must be one of fused::kWidths, or with cuBLAS 1 to 4096; the replay must
/// hold a step of all environments), CudaError or BlasError if the device fails or has too little
/// memory.
std::unique_ptr<Learner> make_cuda_learner(const LearnerConfig& config);

}  // namespace sac::cuda
