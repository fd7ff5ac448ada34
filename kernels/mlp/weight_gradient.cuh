// A tile of W2's gradient: the sum over the batch of outer products out[b] x in[b].
//
// kThreads threads are kSplits groups; each group owns the whole tile and sums its part of every
// slice of the batch in ascending order. The groups' sums are added in group order, so the result
// depends on the batch alone.
//
// Outer is the arithmetic (outer_fp32.cuh, outer_tf32.cuh, outer_bf16.cuh): how a slice is arranged
// and its elements rounded, what a warp makes of its 16 x 32 elements of the tile, and which of
// them a lane owns: [t][c] is row(t), col(c), columns in runs of four.
#pragma once

#include <cuda_runtime.h>

#include "kernels/mlp/batch_slices.cuh"

namespace sac::mlp {

template <int H, class Outer>
struct WeightGradient {
  static constexpr int kTileOut = 32;               ///< rows j of the tile
  static constexpr int kTileIn = H < 64 ? 32 : 64;  ///< columns i of the tile
  static constexpr int kTiles = (H / kTileOut) * (H / kTileIn);
  static_assert(kTiles * kTileOut * kTileIn == H * H, "the tiles cover W2");

  static constexpr int kWarpOut = 16, kWarpIn = 32;
  static constexpr int kWarpRows = kTileOut / kWarpOut, kWarpCols = kTileIn / kWarpIn;
  static constexpr int kGroup = kWarpRows * kWarpCols * kWarpSize;
  static constexpr int kThreads = 256;
  static constexpr int kSplits = kThreads / kGroup;
  static constexpr int kPart = 16;                ///< batch rows of a slice that a group sums
  static constexpr int kSlice = kPart * kSplits;  ///< batch rows
  static constexpr int kChunk = 256;              ///< batch rows in shared memory at a time
  static constexpr int kElements = kTileOut * kTileIn;

  /// The strips: the factor `out`, then `in`, a strip for each of a group's warps side by side.
  using Batch = BatchSlices<1 + kWarpCols, kSlice, kChunk / kSlice, kThreads, Outer>;
  static_assert(kTileOut == Batch::kColumns && kWarpIn == Batch::kColumns);

  static constexpr int kPartialStride = kTileIn + 4;  ///< without bank conflicts
  union Shared {
    typename Batch::Shared batch;
    float partial[kSplits][kTileOut][kPartialStride];
  };

  /// s.partial[g] = group g's sums, visible to the block on return. All threads call.
  ///
  /// factors.fetch(s.batch, first, count) calls Batch::fetch for the batch rows from `first` on;
  /// after factors.finish_fetch(), with all threads, factors.out(word) and factors.in(row, word)
  /// turn four neighbours as fetched into those of the factors. Row 0 is `first`. meanwhile() is
  /// called once, when the first rows are on their way.
  template <class Factors, class Meanwhile>
  __device__ static void sum(Shared& s, int batch, Factors&& factors, const Meanwhile& meanwhile) {
    float acc[Outer::kThreadRows][Outer::kThreadCols] = {};
#pragma unroll 1
    for (int first = 0; first < batch; first += kChunk) {
      const int count = batch - first < kChunk ? batch - first : kChunk;
      factors.fetch(s.batch, first, count);
      if (first == 0) meanwhile();
      factors.finish_fetch();
      Batch::for_each_slice(
          s.batch, count,
          [&](int strip, int row, float* at) {
            const Vector4 word = load<4>(at);
            store(at, Outer::rounded(strip == 0 ? factors.out(word) : factors.in(row, word)));
          },
          [&](const typename Batch::Slice& slice, int) {
            Outer::template accumulate<kPart>(&slice[0][group() * kPart],
                                              &slice[1 + warp_col()][group() * kPart], first_row(),
                                              acc);
          });
    }
    store_sums(s, acc);
    __syncthreads();
  }

 private:
  __device__ static int group() {
    return thread_index() / kGroup;
  }
  __device__ static int warp_in_group() {
    return thread_index() % kGroup / kWarpSize;
  }
  __device__ static int warp_col() {
    return warp_in_group() % kWarpCols;
  }
  __device__ static int first_row() {
    return warp_in_group() / kWarpCols * kWarpOut;
  }

  __device__ static void store_sums(Shared& s,
                                    const float (&acc)[Outer::kThreadRows][Outer::kThreadCols]) {
#pragma unroll
    for (int t = 0; t < Outer::kThreadRows; ++t) {
      float* row = s.partial[group()][first_row() + Outer::row(t)];
#pragma unroll
      for (int c = 0; c < Outer::kThreadCols; c += 4) {
        store(&row[warp_col() * kWarpIn + Outer::col(c)],
              Vector4{acc[t][c], acc[t][c + 1], acc[t][c + 2], acc[t][c + 3]});
      }
    }
  }
};

}  // namespace sac::mlp
