// cuBLAS, as far as networks need it.
#pragma once

#include <cublas_v2.h>
#include <cuda_runtime.h>

#include <stdexcept>

#include "host/cuda/device_memory.h"
#include "kernels/precision.h"
#include "kernels/unfused/matrix.h"

namespace sac::cuda {

/// A cuBLAS call failed; what() names the call and the library's reason.
class BlasError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A factor of a product: a matrix, or its transpose.
struct Factor {
  unfused::AgentMatrix matrix;
  bool transposed = false;
};

inline Factor transpose(const unfused::AgentMatrix& m) {
  return {m, true};
}

/// What becomes of the result's old value.
enum class Sum { overwrite, add };

/// A handle bound to one stream. Not copyable.
class Blas {
 public:
  /// Allocates the library's workspace: what a stream capture may not do. Throws BlasError,
  /// CudaError.
  explicit Blas(cudaStream_t stream);
  ~Blas();
  Blas(const Blas&) = delete;
  Blas& operator=(const Blas&) = delete;

  /// c = a b, or c += a b, for the first `agents` agents: asynchronous, may be captured.
  /// `precision` is that of the factors as they are multiplied; sums and all memory are fp32.
  /// Throws BlasError.
  void multiply(const Factor& a, const Factor& b, const unfused::AgentMatrix& c, Sum sum,
                Precision precision, int agents) const;

  size_t bytes() const { return workspace_.bytes(); }

 private:
  DeviceArray<unsigned char> workspace_;
  cublasHandle_t handle_ = nullptr;
};

}  // namespace sac::cuda
