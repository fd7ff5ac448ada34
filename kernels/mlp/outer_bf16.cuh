// A warp's share of a weight gradient on the tensor cores, operands rounded to bf16: 16 x 32
// elements of sum_b out[b] x in[b] in four mma blocks. See weight_gradient.cuh.
//
// Both operands lie in shared memory by batch rows, which is transposed from what mma wants:
// ldmatrix turns them. Rows of a slice are an odd number of 16-byte words long.
#pragma once

#include <cuda_runtime.h>

#include "kernels/gpu/lanes.cuh"
#include "kernels/gpu/tensor_core.cuh"

namespace sac::mlp {

struct OuterBf16 {
  using Element = uint16_t;
  static constexpr int kRowPad = 8;
  static constexpr int kPartialPad = 8;

  static constexpr int kThreadRows = 2, kThreadCols = 8, kNeighbours = 2;
  __device__ static int row(int t) { return lane_index() / 4 + 8 * t; }
  __device__ static int col(int c) { return c / 2 * 8 + lane_index() % 4 * 2 + c % 2; }

  __device__ static void put(Element* to, const Vector4& x) { store_bf16(to, x); }

  template <int kCount, int kOutStride, int kInStride>
  __device__ static void accumulate(const Element* out, const Element* in,
                                    float (&acc)[kThreadRows][kThreadCols]) {
    constexpr int kDepth = 16, kBlocks = 4;
    static_assert(kCount % kDepth == 0, "an mma sums 16 batch rows");
    const int lane = lane_index();
#pragma unroll
    for (int b = 0; b < kCount; b += kDepth) {
      // Matrices of A: columns 0 and 8, then the same 8 batch rows on.
      const Matrices a = load_matrices_transposed(
          &out[(b + lane % 8 + lane / 16 * 8) * kOutStride + lane / 8 % 2 * 8]);
#pragma unroll
      for (int i = 0; i < kBlocks / 2; ++i) {
        // Matrices of B: blocks 2i and 2i + 1, of each the first and the second 8 batch rows.
        const Matrices w =
            load_matrices_transposed(&in[(b + lane % 16) * kInStride + (2 * i + lane / 16) * 8]);
#pragma unroll
        for (int n = 0; n < 2; ++n) {
          float(&upper)[kThreadCols] = acc[0], (&lower)[kThreadCols] = acc[1];
          const int c = 2 * (2 * i + n);
          mma_bf16({{a.v[0], a.v[1], a.v[2], a.v[3]}, {w.v[2 * n], w.v[2 * n + 1]}}, upper[c],
                   upper[c + 1], lower[c], lower[c + 1]);
        }
      }
    }
  }
};

}  // namespace sac::mlp
