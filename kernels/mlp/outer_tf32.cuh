// A warp's share of a weight gradient on the tensor cores, operands rounded to tf32: 16 x 32
// elements of sum_b out[b] x in[b] in four mma blocks. See weight_gradient.cuh.
//
// Column n of block x is column 4 n + x, as in tile_tf32.cuh: a lane reads the blocks' operands of
// a batch row as one word and owns 8 neighbouring columns. Rows of a slice are 8 banks apart.
#pragma once

#include <cuda_runtime.h>

#include "kernels/gpu/lanes.cuh"
#include "kernels/gpu/tensor_core.cuh"

namespace sac::mlp {

struct OuterTf32 {
  using Element = float;  ///< rounded
  static constexpr int kRowPad = 8;
  static constexpr int kPartialPad = 4;

  static constexpr int kThreadRows = 2, kThreadCols = 8, kNeighbours = 4;
  __device__ static int row(int t) { return lane_index() / 4 + 8 * t; }
  __device__ static int col(int c) { return lane_index() % 4 * 8 + c; }

  __device__ static void put(Element* to, const Vector4& x) { store_tf32(to, x); }

  template <int kCount, int kOutStride, int kInStride>
  __device__ static void accumulate(const Element* out, const Element* in,
                                    float (&acc)[kThreadRows][kThreadCols]) {
    constexpr int kDepth = 8, kBlocks = 4;
    static_assert(kCount % kDepth == 0, "an mma sums 8 batch rows");
    const int g = lane_index() / 4, t = lane_index() % 4;
#pragma unroll
    for (int b = 0; b < kCount; b += kDepth) {
      MmaOperands x;
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        x.a[i] = __float_as_uint(out[(b + t + i / 2 * 4) * kOutStride + g + i % 2 * 8]);
      }
      const Vector4 upper = load<4>(&in[(b + t) * kInStride + 4 * g]);
      const Vector4 lower = load<4>(&in[(b + t + 4) * kInStride + 4 * g]);
#pragma unroll
      for (int n = 0; n < kBlocks; ++n) {
        x.b[0] = __float_as_uint(upper.v[n]);
        x.b[1] = __float_as_uint(lower.v[n]);
        mma_tf32(x, acc[0][n], acc[0][kBlocks + n], acc[1][n], acc[1][kBlocks + n]);
      }
    }
  }
};

}  // namespace sac::mlp
