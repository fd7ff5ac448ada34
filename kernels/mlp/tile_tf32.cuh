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
// Rows of activations are 4 banks apart, rows of a backward slice 8: no bank conflicts. Operands
// are rounded before they come: the weights in the copies that the update keeps, activations as
// they are stored. Rounding here would cost more instructions than multiplying.
#pragma once

#include <cuda_runtime.h>

#include "kernels/gpu/tensor_core.cuh"
#include "kernels/mlp/tile_shape.cuh"

namespace sac::mlp {

/// Of a warp's 32 rows those of block 0 first, then those of block 1 ...
template <int H>
struct ArrangementTf32 {
  static constexpr int kBackwardStride = H + 8;
  __device__ static const float* w2(const NetworkWeights& net) { return net.w2_copy<float>(); }
  __device__ static constexpr int row(int place) {
    return place / 32 * 32 + place % 8 * 4 + place % 32 / 8;
  }
};

template <int H, int M>
using TileTf32Base = StreamedTile<TileShape<H, M, M / 8, 8>, H + 4, ArrangementTf32<H>>;

template <int H, int M>
class TileTf32 : public TileTf32Base<H, M> {
  using Base = TileTf32Base<H, M>;

 public:
  using Base::Base, Base::kActivationStride, Base::kThreadRows, Base::kThreadCols, Base::kWarpCols;
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

  /// Writes neighbours of an operand to the activations, as the product wants them.
  __device__ void put(int row, int col, const Vector4& x) const {
    store(&activations_[row * kActivationStride + col], to_tf32(x));
  }

  /// acc += the product, after prefetch or reuse. The block's threads all call; its first barrier
  /// makes their activations visible. On return nobody reads activations or ring any more.
  template <Direction direction>
  __device__ void product(const NetworkWeights& net, Fragment<direction>& acc) const {
    const int thread = fresh_thread_index();
    const int lane = thread % kWarpSize, first = thread / kWarpSize * kWarpCols;
    // Matrices of A: 8 rows and 4 summation indices each, the upper 8 rows first.
    const float* rows = &activations_[lane % 16 * kActivationStride + lane / 16 * 4];
    // Forward: of blocks 0 and 1 the lower and the upper four indices each.
    const int weight = direction == Direction::forward
                           ? Ring::forward_place(first + lane / 16 * 8 + lane % 8, lane / 8 % 2)
                           : lane % 4 * kBackwardStride + first + lane / 4 * kBlocks;
    const auto multiply_slice = [&](const float* weights, int) {
#pragma unroll
      for (int k = 0; k < Ring::kSlice; k += kDepth) {
        uint32_t b[kBlocks][2];
        load_weights<direction>(weights, weight, k, b);
#pragma unroll
        for (int m = 0; m < M / 16; ++m) {
          multiply(load_matrices(rows + 16 * m * kActivationStride + k), b, acc.v[2 * m],
                   acc.v[2 * m + 1]);
        }
      }
      rows += Ring::kSlice;
    };
    ring_.template for_each_slice<direction>(ArrangementTf32<H>::w2(net), multiply_slice);
  }

 private:
  using Base::activations_, Base::ring_;
  static constexpr int kBackwardStride = ArrangementTf32<H>::kBackwardStride;

  /// B of the warp's four blocks for the slice's summation indices k .. k + 7; `first` is where the
  /// lane's weights begin in the slice.
  template <Direction direction>
  __device__ static void load_weights(const float* weights, int first, int k,
                                      uint32_t (&b)[kBlocks][2]) {
#pragma unroll
    for (int i = 0; i < 2; ++i) {
      if constexpr (direction == Direction::forward) {
        // forward_place of word k / 4 on, and of 16 places on, where a word is rotated as far.
        const Matrices w = load_matrices(&weights[(first ^ k) + i * 16 * Ring::kSlice]);
#pragma unroll
        for (int x = 0; x < 4; ++x) b[2 * i + x / 2][x % 2] = w.v[x];
      } else {
        const Vector4 w = load<4>(&weights[first + (k + 4 * i) * kBackwardStride]);
#pragma unroll
        for (int x = 0; x < kBlocks; ++x) b[x][i] = __float_as_uint(w.v[x]);
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
