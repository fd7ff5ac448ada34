// A warp's share of a weight gradient on the tensor cores, operands rounded to bf16: 16 x 32
// elements of sum_b out[b] x in[b] in four mma blocks. See weight_gradient.cuh.
//
// The slices stay fp32: an operand is a pair of consecutive batch rows, which are rounded together
// as they enter. Columns as in outer_tf32.cuh; the words of 8 columns lie in other banks in each of
// four consecutive pairs of rows.
#pragma once

#include <cuda_runtime.h>

#include "kernels/gpu/lanes.cuh"
#include "kernels/gpu/tensor_core.cuh"

namespace sac::mlp {

struct OuterBf16 {
  static constexpr int kThreadRows = 2, kThreadCols = 8;
  __device__ static int row(int t) { return lane_index() / 4 + 8 * t; }
  __device__ static int col(int c) { return lane_index() % 4 * 8 + c; }

  __device__ static int place(int row, int word) { return word ^ 2 * (row / 2 % 4); }
  __device__ static Vector4 rounded(const Vector4& x) { return x; }  // later, in pairs

  template <int kCount>
  __device__ static void accumulate(const float (*out)[32], const float (*in)[32], int first_out,
                                    float (&acc)[kThreadRows][kThreadCols]) {
    constexpr int kDepth = 16, kBlocks = 4;
    static_assert(kCount % kDepth == 0, "an mma sums 16 batch rows");
    const int g = lane_index() / 4, t = lane_index() % 4;
    const int upper_word = first_out / 4 + g / 4, lower_word = upper_word + 2;
    const float* a_upper = &out[2 * t][4 * place(2 * t, upper_word) + g % 4];
    const float* a_lower = &out[2 * t][4 * place(2 * t, lower_word) + g % 4];
    const float* b_word = &in[2 * t][4 * place(2 * t, g)];
#pragma unroll
    for (int b = 0; b < kCount; b += kDepth) {
      MmaOperands x;
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        const float* a = (i % 2 == 0 ? a_upper : a_lower) + (b + i / 2 * 8) * 32;
        x.a[i] = to_bf16_pair(a[0], a[32]);
      }
      Vector4 word[2][2];  // of the first and the second 8 batch rows, a pair
#pragma unroll
      for (int i = 0; i < 4; ++i)
        word[i / 2][i % 2] = load<4>(b_word + (b + i / 2 * 8 + i % 2) * 32);
#pragma unroll
      for (int n = 0; n < kBlocks; ++n) {
#pragma unroll
        for (int i = 0; i < 2; ++i) x.b[i] = to_bf16_pair(word[i][0].v[n], word[i][1].v[n]);
        mma_bf16(x, acc[0][n], acc[0][kBlocks + n], acc[1][n], acc[1][kBlocks + n]);
      }
    }
  }
};

}  // namespace sac::mlp
