// A tile of W2's gradient: the sum over the batch of outer products out[b] x in[b].
//
// kThreads threads are kSplits groups; each group owns the whole tile and sums its part of every
// slice of the batch in ascending order. The groups' sums are added in group order, so the result
// depends on the batch alone.
//
// Outer is the arithmetic (outer_fp32.cuh, outer_tf32.cuh, outer_bf16.cuh): the elements of a
// slice, how four are put there, what a warp makes of its 16 x 32 elements of the tile, and which
// of them a lane owns: [t][c] is row(t), col(c), kNeighbours of which are neighbours.
#pragma once

#include <cuda_runtime.h>

#include "kernels/gpu/lanes.cuh"

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
  static constexpr int kSlice = kPart * kSplits;  ///< batch rows in shared memory at a time
  static constexpr int kElements = kTileOut * kTileIn;

  static constexpr int kOutStride = kTileOut + Outer::kRowPad;
  static constexpr int kInStride = kTileIn + Outer::kRowPad;
  static constexpr int kPartialStride = kTileIn + Outer::kPartialPad;
  using Element = typename Outer::Element;
  struct Slice {
    alignas(16) Element out[kSlice][kOutStride];
    alignas(16) Element in[kSlice][kInStride];
  };
  union Shared {
    Slice slices[2];
    float partial[kSplits][kTileOut][kPartialStride];
  };

  /// Four numbers per thread and load: how a slice comes in.
  static constexpr int kOutWords = kTileOut / 4, kInWords = kTileIn / 4;
  static constexpr int kOutLoads = kSlice * kOutWords / kThreads;
  static constexpr int kInLoads = kSlice * kInWords / kThreads;
  static_assert(kSlice * kOutWords % kThreads == 0 && kSlice * kInWords % kThreads == 0);

  /// s.partial[g] = group g's sums, visible to the block on return. out(b, j) and in(b, i) give
  /// four neighbours of the factors; they are called for b < batch only.
  template <class Out, class In>
  __device__ static void sum(Shared& s, int batch, const Out& out, const In& in) {
    float acc[Outer::kThreadRows][Outer::kThreadCols] = {};
    Vector4 next_out[kOutLoads], next_in[kInLoads];
    load_slice(next_out, next_in, 0, batch, out, in);
    for (int first = 0; first < batch; first += kSlice) {
      Slice& slice = s.slices[first / kSlice % 2];
      store_slice(slice, next_out, next_in);
      __syncthreads();
      load_slice(next_out, next_in, first + kSlice, batch, out, in);
      const int begin = group() * kPart;
      Outer::template accumulate<kPart, kOutStride, kInStride>(&slice.out[begin][first_row()],
                                                               &slice.in[begin][first_col()], acc);
    }
    __syncthreads();
    store_sums(s, acc);
    __syncthreads();
  }

 private:
  __device__ static int group() { return thread_index() / kGroup; }
  __device__ static int warp_in_group() { return thread_index() % kGroup / kWarpSize; }
  __device__ static int first_row() { return warp_in_group() / kWarpCols * kWarpOut; }
  __device__ static int first_col() { return warp_in_group() % kWarpCols * kWarpIn; }

  /// Into registers, so that the next slice travels while this one is summed; zero beyond the
  /// batch.
  template <class Out, class In>
  __device__ static void load_slice(Vector4 (&next_out)[kOutLoads], Vector4 (&next_in)[kInLoads],
                                    int first, int batch, const Out& out, const In& in) {
#pragma unroll
    for (int n = 0; n < kOutLoads; ++n) {
      const int i = thread_index() + n * kThreads;
      const int b = first + spread_row(i / kOutWords);
      next_out[n] = b < batch ? out(b, 4 * (i % kOutWords)) : Vector4{};
    }
#pragma unroll
    for (int n = 0; n < kInLoads; ++n) {
      const int i = thread_index() + n * kThreads;
      const int b = first + spread_row(i / kInWords);
      next_in[n] = b < batch ? in(b, 4 * (i % kInWords)) : Vector4{};
    }
  }

  __device__ static void store_slice(Slice& slice, const Vector4 (&next_out)[kOutLoads],
                                     const Vector4 (&next_in)[kInLoads]) {
#pragma unroll
    for (int n = 0; n < kOutLoads; ++n) {
      const int i = thread_index() + n * kThreads;
      Outer::put(&slice.out[spread_row(i / kOutWords)][4 * (i % kOutWords)], next_out[n]);
    }
#pragma unroll
    for (int n = 0; n < kInLoads; ++n) {
      const int i = thread_index() + n * kThreads;
      Outer::put(&slice.in[spread_row(i / kInWords)][4 * (i % kInWords)], next_in[n]);
    }
  }

  __device__ static void store_sums(Shared& s,
                                    const float (&acc)[Outer::kThreadRows][Outer::kThreadCols]) {
    constexpr int kWord = Outer::kNeighbours;
#pragma unroll
    for (int t = 0; t < Outer::kThreadRows; ++t) {
      float* row = s.partial[group()][first_row() + Outer::row(t)];
#pragma unroll
      for (int c = 0; c < Outer::kThreadCols; c += kWord) {
        Words<kWord> word;
#pragma unroll
        for (int i = 0; i < kWord; ++i) word.v[i] = acc[t][c + i];
        store(&row[first_col() + Outer::col(c)], word);
      }
    }
  }
};

}  // namespace sac::mlp
