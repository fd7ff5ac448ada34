// Who a thread is: warps and lanes, the sums that a warp does together, vector words.
#pragma once

#include <cuda_runtime.h>

namespace sac {

inline constexpr int kWarpSize = 32;

__device__ inline int thread_index() {
  const int index = static_cast<int>(threadIdx.x);
#ifdef __CUDACC__
  __builtin_assume(index >= 0 && index < 1024);  // or every division would look after its sign
#endif
  return index;
}
__device__ inline int lane_index() {
  return thread_index() % kWarpSize;
}
__device__ inline int warp_index() {
  return thread_index() / kWarpSize;
}

/// The row that comes n-th where rows of 64 bytes, padded by 16, are written: neighbours are 4 rows
/// apart, or the two that one store writes would share banks.
__device__ inline int spread_row(int n) {
  return n / 8 * 8 + n % 2 * 4 + n % 8 / 2;
}

/// The sum over the 32 lanes, in every lane. All lanes must call. The order is fixed: a butterfly.
__device__ inline float warp_sum(float x) {
  for (int offset = kWarpSize / 2; offset > 0; offset /= 2) {
    x += __shfl_xor_sync(0xffffffffu, x, offset);
  }
  return x;
}

/// kCount consecutive floats, aligned to their size: one load or store instruction.
template <int kCount>
struct alignas(kCount * sizeof(float)) Words {
  float v[kCount];
};
using Vector4 = Words<4>;

template <int kCount>
__device__ inline Words<kCount> load(const float* p) {
  return *reinterpret_cast<const Words<kCount>*>(p);
}
template <int kCount>
__device__ inline void store(float* p, const Words<kCount>& x) {
  *reinterpret_cast<Words<kCount>*>(p) = x;
}

}  // namespace sac
