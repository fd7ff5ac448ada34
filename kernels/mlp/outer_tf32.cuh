// A warp's share of a weight gradient on the tensor cores, operands rounded to tf32: 16 x 32
// elements of sum_b out[b] x in[b] in four mma blocks. See weight_gradient.cuh.
//
// Column n of block x is column 4 n + x, as in tile_tf32.cuh: a lane reads the blocks' operands of
// a batch row as one word and owns 8 neighbouring columns. The two words that hold 8 columns of
// `out`, or that two lanes read of `in`, lie in other banks in each of four consecutive rows.
#pragma once

#include <cuda_runtime.h>

#include "kernels/gpu/lanes.cuh"
#include "kernels/gpu/tensor_core.cuh"

namespace sac::mlp {

struct OuterTf32 {
  static constexpr int kThreadRows = 2, kThreadCols = 8;
  __device__ static int row(int t) { return lane_index() / 4 + 8 * t; }
  __device__ static int col(int c) { return lane_index() % 4 * 8 + c; }

  __device__ static int place(int row, int word) { return word ^ 2 * (row % 4); }
  __device__ static Vector4 rounded(const Vector4& x) { return to_tf32(x); }

  template <int kCount>
  __device__ static void accumulate(const float (*out)[32], const float (*in)[32], int first_out,
                                    float (&acc)[kThreadRows][kThreadCols]) {
    constexpr int kDepth = 8, kBlocks = 4;
    static_assert(kCount % kDepth == 0, "an mma sums 8 batch rows");
    const int g = lane_index() / 4, t = lane_index() % 4;
    const int upper_word = first_out / 4 + g / 4, lower_word = upper_word + 2;
    const float* a_upper = &out[t][4 * place(t, upper_word) + g % 4];
    const float* a_lower = &out[t][4 * place(t, lower_word) + g % 4];
    const float* b_word = &in[t][4 * place(t, g)];
#pragma unroll
    for (int b = 0; b < kCount; b += kDepth) {
      MmaOperands x;
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        const float* a = i % 2 == 0 ? a_upper : a_lower;
        x.a[i] = __float_as_uint(a[(b + i / 2 * 4) * 32]);
      }
      const Vector4 first = load<4>(b_word + b * 32), second = load<4>(b_word + (b + 4) * 32);
#pragma unroll
      for (int n = 0; n < kBlocks; ++n) {
        x.b[0] = __float_as_uint(first.v[n]);
        x.b[1] = __float_as_uint(second.v[n]);
        mma_tf32(x, acc[0][n], acc[0][kBlocks + n], acc[1][n], acc[1][kBlocks + n]);
      }
    }
  }
};

}  // namespace sac::mlp
