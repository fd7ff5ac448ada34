// A warp's share of a weight gradient, in fp32 on the ordinary cores: 16 x 32 elements of
// sum_b out[b] x in[b]. See weight_gradient.cuh for what all of these have in common.
#pragma once

#include <cuda_runtime.h>

#include "kernels/gpu/lanes.cuh"

namespace sac::mlp {

struct OuterFp32 {
  using Element = float;
  static constexpr int kRowPad = 0;      ///< elements between the rows of a slice
  static constexpr int kPartialPad = 0;  ///< floats between the rows of a group's sums

  static constexpr int kThreadRows = 4, kThreadCols = 4, kNeighbours = 4;
  __device__ static int row(int t) { return lane_index() / 8 * 4 + t; }
  __device__ static int col(int c) { return lane_index() % 8 * 4 + c; }

  __device__ static void put(Element* to, const Vector4& x) { store(to, x); }

  /// acc += the sum over kCount batch rows, in ascending order. `out` and `in` point at the warp's
  /// first column in the first of these rows.
  template <int kCount, int kOutStride, int kInStride>
  __device__ static void accumulate(const Element* out, const Element* in,
                                    float (&acc)[kThreadRows][kThreadCols]) {
#pragma unroll 4
    for (int b = 0; b < kCount; ++b) {
      const Vector4 o = load<4>(&out[b * kOutStride + row(0)]);
      const Vector4 i = load<4>(&in[b * kInStride + col(0)]);
#pragma unroll
      for (int t = 0; t < kThreadRows; ++t) {
#pragma unroll
        for (int c = 0; c < kThreadCols; ++c) acc[t][c] = fmaf(o.v[t], i.v[c], acc[t][c]);
      }
    }
  }
};

}  // namespace sac::mlp
