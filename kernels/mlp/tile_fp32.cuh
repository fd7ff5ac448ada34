// The H x H product of a block's rows, in fp32 on the ordinary cores.
//
// A block holds M rows of activations in shared memory and multiplies them with W2, which streams
// through a ring of slices (weight_ring.cuh):
//
//   forward:  acc[r][j] += sum_i activations[r][i] W2[j][i]
//   backward: acc[r][i] += sum_j activations[r][j] W2[j][i]
//
// Both sum in ascending order with fma, whatever M is: a row's result depends on that row and W2
// alone, to the last bit.
//
// A warp is 4 x 8 lanes: a lane owns kThreadRows x kThreadCols elements of the accumulator, which
// stay in its registers. Which ones, its Place tells: rows are interleaved (4 lanes use 4
// consecutive rows, which are 8 banks apart), forward columns too (8 lanes read 8 consecutive
// rows of a slice); backward columns come in fours, so that a slice row is read in 16-byte words.
//
// Shared memory serves a 16-byte load to the lanes of a warp in four passes, or in two where all
// lanes n and n ^ 1, or all n and n ^ 2, read the same address. Hence the order of the lanes: bits
// 1 and 4 of a lane's number are its row, so that neighbours read the same activations, and lanes
// two apart the same weights. 16 passes for 64 fma, and no bank conflict:
// tests/gpu/emulator_only/traffic_test.cpp.
#pragma once

#include <cuda_runtime.h>

#include "kernels/mlp/tile_shape.cuh"

namespace sac::mlp {

/// Rows of a slice as they lie in W2.
template <int H>
struct ArrangementFp32 {
  static constexpr int kBackwardStride = H;
  __device__ static const float* w2(const NetworkWeights& net) { return net.w2(); }
  __device__ static constexpr int row(int place) { return place; }
};

/// Rows of activations start 8 banks apart: 4 rows of 8 columns fill all 32.
template <int H, int M>
using TileFp32Base = StreamedTile<TileShape<H, M, M / 4, 4>, H + 8, ArrangementFp32<H>>;

template <int H, int M>
class TileFp32 : public TileFp32Base<H, M> {
  using Base = TileFp32Base<H, M>;

 public:
  using Base::Base, Base::kActivationStride, Base::kThreadRows, Base::kThreadCols, Base::kWarpCols;
  using typename Base::Ring, typename Base::Shared;

  static constexpr int kDepth = 4;                   ///< summation indices of a load
  static constexpr int kUnrolled = M == 16 ? 4 : 1;  ///< loads at once: as registers allow

  /// A thread's part of the M x H accumulator.
  template <Direction direction>
  struct Fragment {
    static constexpr int kNeighbours = direction == Direction::backward ? 4 : 1;
    float v[kThreadRows][kThreadCols];
  };

  /// Where it is: element [t][c] belongs to row(t), col(c). Made once per phase.
  template <Direction direction>
  class Place {
   public:
    __device__ Place() : Place(fresh_thread_index()) {}

    __device__ int row(int t) const { return row_ + t * 4; }
    __device__ int col(int c) const { return col_ + (direction == Direction::forward ? 8 * c : c); }

   private:
    // Bits of the lane: row 4 1, column 2 3 0. Swapping the column's upper two keeps the 16-byte
    // stores of 8 neighbouring lanes, two rows of four words, in different banks.
    __device__ explicit Place(int thread)
        : row_(thread / 2 % 2 + thread / 16 % 2 * 2),
          col_(thread / kWarpSize * kWarpCols +
               (thread % 2 + thread / 8 % 2 * 2 + thread / 4 % 2 * 4) *
                   (direction == Direction::forward ? 1 : kThreadCols)) {}

    const int row_, col_;
  };

  /// Writes neighbours of an operand to the activations, as the product wants them.
  template <int kCount>
  __device__ void put(int row, int col, const Words<kCount>& x) const {
    store(&activations_[row * kActivationStride + col], x);
  }

  /// acc += the product, after prefetch or reuse. The block's threads all call; its first barrier
  /// makes their activations visible. On return nobody reads activations or ring any more.
  template <Direction direction>
  __device__ void product(const NetworkWeights& net, Fragment<direction>& acc) const {
    const Place<direction> place;
    const float* row = &activations_[place.row(0) * kActivationStride];
    const int first =
        direction == Direction::forward ? Ring::forward_place(place.col(0), 0) : place.col(0);
    ring_.template for_each_slice<direction>(
        ArrangementFp32<H>::w2(net), [&](const float* weights, int) {
#pragma unroll 1
          for (int k = 0; k < Ring::kSlice; k += kUnrolled * kDepth) {
#pragma unroll
            for (int i = k; i < k + kUnrolled * kDepth; i += kDepth) {
              Vector4 a[kThreadRows];
#pragma unroll
              for (int t = 0; t < kThreadRows; ++t) a[t] = load<4>(row + 4 * t * kActivationStride);
              multiply(a, weights, first, i, acc);
              row += kDepth;
            }
          }
        });
  }

 private:
  using Base::activations_, Base::ring_;

  /// acc += a (four summation indices k .. k + 3 of the thread's rows) times the slice; `first` is
  /// where the lane's weights begin in it.
  __device__ static void multiply(const Vector4 (&a)[kThreadRows], const float* weights, int first,
                                  int k, Fragment<Direction::forward>& acc) {
#pragma unroll
    for (int c = 0; c < kThreadCols; ++c) {
      // forward_place(col(c), k / 4): 8 places on, a word is rotated as far.
      const Vector4 w = load<4>(&weights[(first ^ k) + c * 8 * Ring::kSlice]);
#pragma unroll
      for (int t = 0; t < kThreadRows; ++t) {
#pragma unroll
        for (int i = 0; i < 4; ++i) acc.v[t][c] = fmaf(a[t].v[i], w.v[i], acc.v[t][c]);
      }
    }
  }

  __device__ static void multiply(const Vector4 (&a)[kThreadRows], const float* weights, int first,
                                  int k, Fragment<Direction::backward>& acc) {
#pragma unroll
    for (int i = 0; i < 4; ++i) {
      const Vector4 w = load<4>(&weights[(k + i) * H + first]);
#pragma unroll
      for (int t = 0; t < kThreadRows; ++t) {
#pragma unroll
        for (int c = 0; c < kThreadCols; ++c) {
          acc.v[t][c] = fmaf(a[t].v[i], w.v[c], acc.v[t][c]);
        }
      }
    }
  }
};

}  // namespace sac::mlp
