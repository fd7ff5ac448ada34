// A tile of W2's gradient: the sum over the batch of outer products dz2[b] x h1[b], in fp32.
//
// kThreads threads are kSplits groups; each group owns the whole tile and sums its part of every
// slice of the batch in ascending order. The groups' sums are added in group order, so the result
// depends on the batch alone.
#pragma once

#include <cuda_runtime.h>

#include "kernels/mlp/lanes.cuh"

namespace sac {

template <int H>
struct WeightGradientFp32 {
  static constexpr int kTileOut = 32;               ///< rows j of the tile
  static constexpr int kTileIn = H < 64 ? 32 : 64;  ///< columns i of the tile
  static constexpr int kTiles = (H / kTileOut) * (H / kTileIn);
  static_assert(kTiles * kTileOut * kTileIn == H * H, "the tiles cover W2");

  static constexpr int kLaneRows = 4, kLaneCols = 8;
  static constexpr int kThreadRows = 4, kThreadCols = 4;
  static constexpr int kWarpCols = kTileIn / (kLaneCols * kThreadCols);
  static constexpr int kWarpRows = kTileOut / (kLaneRows * kThreadRows);
  static constexpr int kGroup = kWarpRows * kWarpCols * kWarpSize;
  static constexpr int kSplits = 256 / kGroup;
  static constexpr int kThreads = kSplits * kGroup;
  static constexpr int kSlice = 32;  ///< batch rows in shared memory at a time
  static_assert(kSlice % kSplits == 0, "a group sums whole rows of a slice");
  static constexpr int kElements = kTileOut * kTileIn;

  struct Slice {
    alignas(16) float out[kSlice][kTileOut];
    alignas(16) float in[kSlice][kTileIn];
  };
  union Shared {
    Slice slices[2];
    float partial[kSplits][kElements];
  };

  /// Four floats per thread and load: how a slice comes in.
  static constexpr int kOutWords = kTileOut / 4, kInWords = kTileIn / 4;
  static constexpr int kOutLoads = (kSlice * kOutWords + kThreads - 1) / kThreads;
  static constexpr int kInLoads = (kSlice * kInWords + kThreads - 1) / kThreads;
  static_assert(kSlice * kOutWords % kThreads == 0 && kSlice * kInWords % kThreads == 0);

  /// s.partial[g] = group g's sums, tile rows of kTileIn floats; visible to the block on return.
  /// out(b, j) and in(b, i) give four neighbours of dz2 and h1; they are called for b < batch only.
  template <class Out, class In>
  __device__ static void sum(Shared& s, int batch, const Out& out, const In& in) {
    float acc[kThreadRows][kThreadCols] = {};
    Vector4 next_out[kOutLoads], next_in[kInLoads];
    load_slice(next_out, next_in, 0, batch, out, in);
    for (int first = 0; first < batch; first += kSlice) {
      Slice& slice = s.slices[first / kSlice % 2];
      store_slice(slice, next_out, next_in);
      __syncthreads();
      load_slice(next_out, next_in, first + kSlice, batch, out, in);
      accumulate(slice, acc);
    }
    __syncthreads();
#pragma unroll
    for (int t = 0; t < kThreadRows; ++t) {
      const Vector4 word = {acc[t][0], acc[t][1], acc[t][2], acc[t][3]};
      store(&s.partial[group()][row(t) * kTileIn + col()], word);
    }
    __syncthreads();
  }

 private:
  __device__ static int group() {
    return thread_index() / kGroup;
  }
  __device__ static int warp_in_group() {
    return thread_index() % kGroup / kWarpSize;
  }
  __device__ static int row(int t) {
    return (warp_in_group() / kWarpCols * kLaneRows + lane_index() / kLaneCols) * kThreadRows + t;
  }
  __device__ static int col() {
    return (warp_in_group() % kWarpCols * kLaneCols + lane_index() % kLaneCols) * kThreadCols;
  }

  /// Into registers, so that the next slice travels while this one is summed; zero beyond the
  /// batch.
  template <class Out, class In>
  __device__ static void load_slice(Vector4 (&next_out)[kOutLoads], Vector4 (&next_in)[kInLoads],
                                    int first, int batch, const Out& out, const In& in) {
#pragma unroll
    for (int n = 0; n < kOutLoads; ++n) {
      const int i = thread_index() + n * kThreads;
      const int b = first + i / kOutWords;
      next_out[n] = b < batch ? out(b, 4 * (i % kOutWords)) : Vector4{};
    }
#pragma unroll
    for (int n = 0; n < kInLoads; ++n) {
      const int i = thread_index() + n * kThreads;
      const int b = first + i / kInWords;
      next_in[n] = b < batch ? in(b, 4 * (i % kInWords)) : Vector4{};
    }
  }

  __device__ static void store_slice(Slice& slice, const Vector4 (&next_out)[kOutLoads],
                                     const Vector4 (&next_in)[kInLoads]) {
#pragma unroll
    for (int n = 0; n < kOutLoads; ++n) {
      const int i = thread_index() + n * kThreads;
      store(&slice.out[i / kOutWords][4 * (i % kOutWords)], next_out[n]);
    }
#pragma unroll
    for (int n = 0; n < kInLoads; ++n) {
      const int i = thread_index() + n * kThreads;
      store(&slice.in[i / kInWords][4 * (i % kInWords)], next_in[n]);
    }
  }

  __device__ static void accumulate(const Slice& slice, float (&acc)[kThreadRows][kThreadCols]) {
    constexpr int kPart = kSlice / kSplits;
    const int begin = group() * kPart;
#pragma unroll 4
    for (int b = begin; b < begin + kPart; ++b) {
      const Vector4 o = load<4>(&slice.out[b][row(0)]);
      const Vector4 i = load<4>(&slice.in[b][col()]);
#pragma unroll
      for (int t = 0; t < kThreadRows; ++t) {
#pragma unroll
        for (int c = 0; c < kThreadCols; ++c) acc[t][c] = fmaf(o.v[t], i.v[c], acc[t][c]);
      }
    }
  }
};

}  // namespace sac
