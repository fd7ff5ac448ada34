// Why the CUDA runtime found no GPU.
#pragma once

#include <cuda_runtime.h>

#include <string>

namespace sac::cuda {

/// One line: there is no GPU, the driver is older than the runtime needs, or the runtime's own
/// message. `error` is what cudaGetDeviceCount returned, success where it counted none; the
/// versions of driver and runtime are as CUDA counts them, 12040 for 12.4, 0 for no driver.
std::string why_no_gpu(cudaError_t error, int driver, int runtime);

}  // namespace sac::cuda
