// The one check of CUDA runtime calls.
#pragma once

#include <cuda_runtime.h>

#include <stdexcept>
#include <string>

namespace sac {

/// A CUDA runtime call failed; what() names the call and the runtime's reason.
class CudaError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Throws CudaError unless `result` is success. `call` is the text of the call.
inline void check(cudaError_t result, const char* call) {
  if (result == cudaSuccess) return;
  throw CudaError(std::string(call) + ": " + cudaGetErrorString(result));
}

}  // namespace sac
