// Dynamic shared memory as one typed struct per kernel.
#pragma once

#include <cuda_runtime.h>

namespace sac {

/// The block's dynamic shared memory as a T; the launch asks for sizeof(T) bytes. Uninitialised.
template <class T>
__device__ inline T& shared_storage() {
  static_assert(alignof(T) <= 16, "dynamic shared memory is aligned to 16 bytes");
#ifdef __CUDACC__
  extern __shared__ float4 storage[];
  return *reinterpret_cast<T*>(storage);
#else
  return *static_cast<T*>(simt::dynamic_shared());
#endif
}

/// The shared memory that the launch asked for after `shared`, on a 16-byte boundary.
template <class T>
__device__ inline float* beyond(T& shared) {
  static_assert(sizeof(T) % 16 == 0);
  return reinterpret_cast<float*>(&shared + 1);
}

}  // namespace sac
