// cuRAND, as far as normals in bulk need it. curand_absent.cpp stands in where the CUDA Toolkit
// comes without it.
#pragma once

#include <cuda_runtime.h>

#include <cstdint>
#include <stdexcept>

struct curandGenerator_st;

namespace sac::bench {

/// A cuRAND call failed, or there is no cuRAND; what() names the call and the library's status.
class CurandError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// cuRAND's host API with its own Philox. Not copyable.
class Curand {
 public:
  /// Throws CurandError.
  explicit Curand(uint64_t seed);
  ~Curand();
  Curand(const Curand&) = delete;
  Curand& operator=(const Curand&) = delete;

  /// `count` normals, an even number, into device memory, in the stream's order. Throws
  /// CurandError.
  void fill(float* normals, uint32_t count, cudaStream_t stream) const;

 private:
  curandGenerator_st* generator_ = nullptr;
};

}  // namespace sac::bench
