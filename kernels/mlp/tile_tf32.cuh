// The H x H product of a block's rows on the tensor cores, operands rounded to tf32, sums in fp32.
// The contract is that of tile_fp32.cuh.
//
// A warp owns 32 columns of all rows: 16 x 8 blocks of the accumulator, one mma instruction for
// each and 8 summation indices. Column n of block b is the warp's column 4 n + b, which gives a
// lane 8 neighbouring columns (of the rows lane / 4, and every 8 rows on), in both directions:
//
//   forward:  ldmatrix brings 8 rows j of a block from a slice, which is arranged by blocks
//   backward: a lane reads the 4 blocks' weights of its row as one 16-byte word
//
// Rows of activations are 4 banks apart, rows of a backward slice 8: no bank conflicts. Weights and
// activations are rounded as they enter: in memory they stay fp32.
#pragma once

#include <cuda_runtime.h>

#include "kernels/gpu/tensor_core.cuh"
#include "kernels/mlp/tile_shape.cuh"

namespace sac::mlp {

/// Of a warp's 32 rows those of block 0 first, then those of block 1 ...
template <int H>
struct ArrangementTf32 {
  static constexpr int kBackwardStride = H + 8;
  __device__ static int row(int place) { return place / 32 * 32 + place % 8 * 4 + place % 32 / 8; }
};

template <int H, int M>
using TileTf32Base = StreamedTile<TileShape<H, M, M / 8, 8>, H + 4, ArrangementTf32<H>>;

template <int H, int M>
struct TileTf32 : TileTf32Base<H, M> {
  using Base = TileTf32Base<H, M>;
  using Base::kActivationStride, Base::kThreadRows, Base::kThreadCols, Base::kWarpCols;
  using typename Base::Ring, typename Base::Shared;
  static constexpr int kBlocks = 4;     ///< 16 x 8 blocks side by side in a warp's columns
  static constexpr int kDepth = 8;      ///< summation indices of an mma
  static constexpr int kLaneGroup = 8;  ///< rows between those of one lane

  /// A thread's part of the M x H accumulator.
  template <Direction direction>
  struct Fragment {
    static constexpr int kNeighbours = 4;
    float v[kThreadRows][kThreadCols];
  };

  /// Where it is: element [t][c] belongs to row(t), col(c). Made once per phase.
  template <Direction direction>
  class Place {
   public:
    __device__ Place() : Place(fresh_thread_index()) {}

    __device__ int row(int t) const { return row_ + t * kLaneGroup; }
    __device__ int col(int c) const { return col_ + c; }

   private:
    __device__ explicit Place(int thread)
        : row_(thread % kWarpSize / 4),
          col_(thread / kWarpSize * kWarpCols + thread % 4 * kThreadCols) {}

    const int row_, col_;
  };

  /// acc = the product, after prefetch or reuse. The block's threads all call; its first barrier
  /// makes their activations visible. On return nobody reads s any more.
  template <Direction direction>
  __device__ static void product(Shared& s, const NetworkWeights& net, Fragment<direction>& acc) {
    const int thread = fresh_thread_index();
    acc = {};
    Ring::template for_each_slice<direction>(
        s.ring, net.w2(), [&](const float* weights, int slice) {
#pragma unroll
          for (int k = 0; k < Ring::kSlice; k += kDepth) {
            uint32_t b[kBlocks][2];
            load_weights<direction>(weights, k, thread, b);
#pragma unroll
            for (int m = 0; m < M / 16; ++m) {
              multiply(load_rows(s, m, slice * Ring::kSlice + k, thread), b, acc.v[2 * m],
                       acc.v[2 * m + 1]);
            }
          }
        });
  }

 private:
  /// A of 16 rows: columns k .. k + 7 of the activations.
  __device__ static Matrices load_rows(const Shared& s, int m, int k, int thread) {
    const int lane = thread % kWarpSize;
    const int row = 16 * m + lane % 16, column = k + lane / 16 * 4;
    Matrices a = load_matrices(&s.activations[row * kActivationStride + column]);
#pragma unroll
    for (uint32_t& x : a.v) x = to_tf32(__uint_as_float(x));
    return a;
  }

  /// B of the warp's four blocks for the slice's summation indices k .. k + 7.
  template <Direction direction>
  __device__ static void load_weights(const float* weights, int k, int thread,
                                      uint32_t (&b)[kBlocks][2]) {
    const int lane = thread % kWarpSize, first = thread / kWarpSize * kWarpCols;
#pragma unroll
    for (int i = 0; i < 2; ++i) {
      if (direction == Direction::forward) {
        // Matrices: blocks 2i and 2i + 1, of each the lower and the upper four indices.
        const int place = first + (2 * i + lane / 16) * 8 + lane % 8;
        const Matrices w =
            load_matrices(&weights[Ring::forward_place(place, k / 4 + lane / 8 % 2)]);
#pragma unroll
        for (int x = 0; x < 4; ++x) b[2 * i + x / 2][x % 2] = to_tf32(__uint_as_float(w.v[x]));
      } else {
        const int row = k + 4 * i + lane % 4;
        const Vector4 w = load<4>(
            &weights[row * ArrangementTf32<H>::kBackwardStride + first + lane / 4 * kBlocks]);
#pragma unroll
        for (int x = 0; x < kBlocks; ++x) b[x][i] = to_tf32(w.v[x]);
      }
    }
  }

  /// The lane's parts of two rows += A times the four blocks' B.
  __device__ static void multiply(const Matrices& a, const uint32_t (&b)[kBlocks][2],
                                  float (&upper)[kThreadCols], float (&lower)[kThreadCols]) {
#pragma unroll
    for (int x = 0; x < kBlocks; ++x) {
      mma_tf32({{a.v[0], a.v[1], a.v[2], a.v[3]}, {b[x][0], b[x][1]}}, upper[x], upper[kBlocks + x],
               lower[x], lower[kBlocks + x]);
    }
  }
};

}  // namespace sac::mlp
