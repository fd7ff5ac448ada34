// W2, [out][in] in global memory, on its way through shared memory: slices of 16 values of the
// summation index, in a ring filled by cp.async. One layout serves both directions:
//
//   forward:  a slice is 16 columns i of all rows j, 16 floats a row
//   backward: a slice is 16 rows j
//
// How the rows are arranged is the reader's choice, so that its accesses have no bank conflicts:
// Arrangement::row(p) is the row at place p of a forward slice, Arrangement::kBackwardStride the
// floats between the rows of a backward one.
#pragma once

#include <cuda_runtime.h>

#include "kernels/gpu/ptx.cuh"
#include "kernels/mlp/network.cuh"

namespace sac::mlp {

template <int H, int kThreads, int kStages, class Arrangement>
class WeightRing {
 public:
  static constexpr int kSlice = 16;  ///< values of the summation index per slice

  struct Shared {
    alignas(16) float slices[kStages][kSlice * Arrangement::kBackwardStride];
  };

  /// Where the 16-byte word `word` of the row at `place` lies in a forward slice. A row is half of
  /// the banks wide; the words of every second row are rotated, so that the words of one number of
  /// 8 rows lie in 8 places.
  __device__ static int forward_place(int place, int word) {
    return kSlice * place + 4 * (word ^ (place / 2 % kWords));
  }

  /// Starts filling the ring with W2's first slices. Nobody may be reading the ring.
  template <Direction direction>
  __device__ static void prefetch(Shared& s, const float* w2) {
    const int thread = fresh_thread_index();
    for (int slice = 0; slice < kStages - 1; ++slice) {
      copy_slice<direction>(s, w2, slice, thread);
      cp_async_commit();
    }
  }

  /// Calls multiply(weights, slice) for all slices in ascending order, after
  /// prefetch<direction>(s, w2). The block's threads all call; the first barrier makes visible what
  /// they wrote before. On return nobody reads the ring any more, nor what multiply read.
  template <Direction direction, class Multiply>
  __device__ static void for_each_slice(Shared& s, const float* w2, const Multiply& multiply) {
    const int thread = fresh_thread_index();
#pragma unroll 1
    for (int slice = 0; slice < kSlices; ++slice) {
      cp_async_wait<kStages - 2>();
      __syncthreads();  // the slice has landed for all, and all have left the slice before it
      copy_slice<direction>(s, w2, slice + kStages - 1, thread);
      cp_async_commit();
      multiply(s.slices[slice % kStages], slice);
    }
    cp_async_wait<0>();
    __syncthreads();
  }

 private:
  static constexpr int kSlices = H / kSlice;
  static constexpr int kWords = kSlice / 4;  ///< 16-byte words per row of a forward slice

  /// Copies one slice of W2 into its place in the ring; nothing beyond the last.
  template <Direction direction>
  __device__ static void copy_slice(Shared& s, const float* w2, int slice, int thread) {
    if (slice >= kSlices) return;
    float* to = s.slices[slice % kStages];
    if (direction == Direction::forward) {
      for (int i = thread; i < H * kWords; i += kThreads) {
        const int place = i / kWords, word = i % kWords;
        cp_async_16(&to[forward_place(place, word)],
                    &w2[Arrangement::row(place) * H + slice * kSlice + 4 * word]);
      }
    } else {
      constexpr int kRowWords = H / 4;
      for (int i = thread; i < kSlice * kRowWords; i += kThreads) {
        const int j = i / kRowWords, word = i % kRowWords;
        cp_async_16(&to[j * Arrangement::kBackwardStride + 4 * word],
                    &w2[(slice * kSlice + j) * H + 4 * word]);
      }
    }
  }
};

}  // namespace sac::mlp
