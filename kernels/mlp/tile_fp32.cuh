// The H x H product of a block's rows, in fp32 on the ordinary cores.
//
// A block holds M rows of activations in shared memory and multiplies them with W2, which streams
// through a ring of slices (weight_ring.cuh):
//
//   forward:  acc[r][j] = sum_i activations[r][i] W2[j][i]
//   backward: acc[r][i] = sum_j activations[r][j] W2[j][i]
//
// Both sum in ascending order with fma, whatever M is: a row's result depends on that row and W2
// alone, to the last bit.
//
// A warp is 4 x 8 lanes: a lane owns kThreadRows x kThreadCols elements of the accumulator, which
// stay in its registers. Which ones, its Place tells: rows are interleaved (4 lanes use 4
// consecutive rows, which are 8 banks apart), forward columns too (8 lanes read 8 consecutive
// rows of a slice); backward columns come in fours, so that a slice row is read in 16-byte words.
// No access to shared memory has a bank conflict: tests/gpu/emulator_only/traffic_test.cpp.
#pragma once

#include <cuda_runtime.h>

#include "kernels/mlp/tile_shape.cuh"

namespace sac::mlp {

/// Rows of a slice as they lie in W2.
template <int H>
struct ArrangementFp32 {
  static constexpr int kBackwardStride = H;
  __device__ static int row(int place) { return place; }
};

/// Rows of activations start 8 banks apart: 4 rows of 8 columns fill all 32.
template <int H, int M>
using TileFp32Base = StreamedTile<TileShape<H, M, M / 4, 4>, H + 8, ArrangementFp32<H>>;

template <int H, int M>
struct TileFp32 : TileFp32Base<H, M> {
  using Base = TileFp32Base<H, M>;
  using Base::kActivationStride, Base::kThreadRows, Base::kThreadCols, Base::kWarpCols;
  using typename Base::Ring, typename Base::Shared;
  static constexpr int kLaneRows = 4, kLaneCols = 8;

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

    __device__ int row(int t) const { return row_ + t * kLaneRows; }
    __device__ int col(int c) const {
      return col_ + (direction == Direction::forward ? kLaneCols * c : c);
    }

   private:
    __device__ explicit Place(int thread)
        : row_(thread % kWarpSize / kLaneCols),
          col_(thread / kWarpSize * kWarpCols +
               thread % kLaneCols * (direction == Direction::forward ? 1 : kThreadCols)) {}

    const int row_, col_;
  };

  /// acc = the product, after prefetch or reuse. The block's threads all call; its first barrier
  /// makes their activations visible. On return nobody reads s any more.
  template <Direction direction>
  __device__ static void product(Shared& s, const NetworkWeights& net, Fragment<direction>& acc) {
    const Place<direction> place;
    acc = {};
    Ring::template for_each_slice<direction>(
        s.ring, net.w2(), [&](const float* weights, int slice) {
#pragma unroll 1
          for (int k = 0; k < Ring::kSlice; k += 4) {
            Vector4 a[kThreadRows];
#pragma unroll
            for (int t = 0; t < kThreadRows; ++t) {
              a[t] = load<4>(
                  &s.activations[place.row(t) * kActivationStride + slice * Ring::kSlice + k]);
            }
            multiply(a, weights, k, place, acc);
          }
        });
  }

 private:
  /// acc += a (four summation indices k .. k + 3 of the thread's rows) times the slice.
  __device__ static void multiply(const Vector4 (&a)[kThreadRows], const float* weights, int k,
                                  const Place<Direction::forward>& place,
                                  Fragment<Direction::forward>& acc) {
#pragma unroll
    for (int c = 0; c < kThreadCols; ++c) {
      const Vector4 w = load<4>(&weights[Ring::forward_place(place.col(c), k / 4)]);
#pragma unroll
      for (int t = 0; t < kThreadRows; ++t) {
#pragma unroll
        for (int i = 0; i < 4; ++i) acc.v[t][c] = fmaf(a[t].v[i], w.v[i], acc.v[t][c]);
      }
    }
  }

  __device__ static void multiply(const Vector4 (&a)[kThreadRows], const float* weights, int k,
                                  const Place<Direction::backward>& place,
                                  Fragment<Direction::backward>& acc) {
#pragma unroll
    for (int i = 0; i < 4; ++i) {
      const Vector4 w = load<4>(&weights[(k + i) * H + place.col(0)]);
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
