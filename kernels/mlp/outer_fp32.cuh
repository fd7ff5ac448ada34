// A warp's share of a weight gradient, in fp32 on the ordinary cores: 16 x 32 elements of
// sum_b out[b] x in[b]. See weight_gradient.cuh for what all of these have in common.
#pragma once

#include <cuda_runtime.h>

#include "kernels/gpu/lanes.cuh"

namespace sac::mlp {

struct OuterFp32 {
  static constexpr int kThreadRows = 4, kThreadCols = 4;

  // 4 x 8 lanes. A load of 16 bytes takes two passes, not four, where the lanes n and n ^ 1, or n
  // and n ^ 2, read the same address: lane bits 1 and 4 count rows, bits 0, 2 and 3 columns.
  __device__ static int row(int t) {
    const int lane = lane_index();
    return (lane / 2 % 2 + lane / 16 * 2) * kThreadRows + t;
  }
  __device__ static int col(int c) {
    const int lane = lane_index();
    return (lane % 2 + lane / 4 % 4 * 2) * kThreadCols + c;
  }

  __device__ static int place(int, int word) { return word; }
  __device__ static Vector4 rounded(const Vector4& x) { return x; }

  /// acc += the sum over kCount batch rows, in ascending order: the warp's 16 columns of `out`,
  /// from `first_out` on, times the 32 of `in`.
  template <int kCount>
  __device__ static void accumulate(const float (*out)[32], const float (*in)[32], int first_out,
                                    float (&acc)[kThreadRows][kThreadCols]) {
    const float* o_column = &out[0][first_out + row(0)];
    const float* i_column = &in[0][col(0)];
#pragma unroll 8
    for (int b = 0; b < kCount; ++b) {
      const Vector4 o = load<4>(o_column + b * 32), i = load<4>(i_column + b * 32);
#pragma unroll
      for (int t = 0; t < kThreadRows; ++t) {
#pragma unroll
        for (int c = 0; c < kThreadCols; ++c) acc[t][c] = fmaf(o.v[t], i.v[c], acc[t][c]);
      }
    }
  }
};

}  // namespace sac::mlp
