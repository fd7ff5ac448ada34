// W2, [out][in] in global memory, on its way through shared memory: slices of 16 values of the
// summation index, in a ring filled by cp.async. One layout serves both directions:
//
//   forward:  a slice is 16 columns i of all rows j, 16 floats a row
//   backward: a slice is 16 rows j
//
// Which W2 it is and how the rows are arranged is the reader's choice, so that its accesses have no
// bank conflicts: Arrangement::w2(network) is the matrix, Arrangement::row(p) the row at place p of
// a forward slice, Arrangement::kBackwardStride the floats between the rows of a backward one.
//
// The launch says how deep the ring is: the slices under way have to hide the way from L2, which
// takes as long as several products of a slice. Where one W2 is multiplied many times, a deep ring
// keeps its first slices, all of them if there is room, and only the rest comes again.
#pragma once

#include <cuda_runtime.h>

#include <algorithm>

#include "kernels/gpu/ptx.cuh"
#include "kernels/mlp/network.cuh"

namespace sac::mlp {

/// H threads share the copies. kDeepest: slots of a deep ring.
template <int H, int kDeepest, class Arrangement>
class WeightRing {
 public:
  static constexpr int kSlice = 16;  ///< values of the summation index per slice
  static constexpr int kSlices = H / kSlice;
  static constexpr int kSlotFloats = kSlice * Arrangement::kBackwardStride;
  static constexpr int kShallow = 3;  ///< slots where shared memory is short
  static constexpr int kDeep = std::max(std::min(kDeepest, kSlices), kShallow);

  /// Slices that stay where some do: all, or as many as leave a shallow ring for the others.
  static constexpr int kStaying = kDeep >= kSlices ? kSlices : kDeep - kShallow;

  static constexpr size_t bytes(bool deep) {
    return sizeof(float) * kSlotFloats * (deep ? kDeep : kShallow);
  }

  /// On bytes(deep) of shared memory, on a 16-byte boundary. `stays`: a deep ring keeps slices.
  __device__ WeightRing(float* slots, bool deep, bool stays)
      : slots_(slots), deep_(deep), stays_(deep && stays) {}

  /// Where the 16-byte word `word` of the row at `place` lies in a forward slice. A row is half of
  /// the banks wide; the words of every second row are rotated, so that the words of one number of
  /// 8 rows lie in 8 places.
  __device__ static int forward_place(int place, int word) {
    return kSlice * place + 4 * (word ^ (place / 2 % kWords));
  }

  /// Starts filling the ring with W2's first slices; `again`: with those that did not stay from the
  /// last time, in the same direction. Nobody may be reading the ring.
  template <Direction direction>
  __device__ void prefetch(const float* w2, bool again) const {
    Share<direction> share(w2, again ? staying() : 0);
    const int end = staying() + ahead();
#pragma unroll 1
    for (int slice = again ? staying() : 0; slice < end; ++slice) {
      if (slice < kSlices) share.copy(slots_ + slice * kSlotFloats);
      cp_async_commit();
      share.advance();
    }
  }

  /// Calls multiply(weights, slice) for all slices in ascending order, after
  /// prefetch<direction>(w2). The block's threads all call; the first barrier makes visible what
  /// they wrote before. On return nobody reads the ring any more, nor what multiply read.
  template <Direction direction, class Multiply>
  __device__ void for_each_slice(const float* w2, const Multiply& multiply) const {
    Share<direction> share(w2, staying() + ahead());
    const int first = staying() * kSlotFloats, last = first + ahead() * kSlotFloats;
    int slot = 0, vacated = last;
#pragma unroll 1
    for (int slice = 0; slice < kSlices; ++slice) {
      const bool streams = slice >= staying();
      if (streams || slice == 0) {
        wait_for_slice();
        __syncthreads();  // the slice has landed for all, and all have left the slice before it
      }
      if (streams) {
        if (slice < kSlices - ahead()) share.copy(slots_ + vacated);
        cp_async_commit();
        share.advance();
        vacated = slot;
      }
      multiply(slots_ + slot, slice);
      slot = slot == last ? first : slot + kSlotFloats;
    }
    cp_async_wait<0>();
    __syncthreads();
  }

 private:
  static constexpr int kWords = kSlice / 4;  ///< 16-byte words per row of a forward slice
  static constexpr int kCopies = 4;          ///< a thread's words of a slice: 16 H / 4 / H

  /// A thread's part of every slice: four words, as many rows apart as fit between them.
  template <Direction direction>
  class Share {
   public:
    __device__ Share(const float* w2, int slice) {
      const int thread = fresh_thread_index();
      if constexpr (direction == Direction::forward) {
        const int place = thread / kWords, word = thread % kWords;
        to_ = forward_place(place, word);
        from_ = w2 + Arrangement::row(place) * H + 4 * word;
      } else {
        const int row = thread / kRowWords, word = thread % kRowWords;
        to_ = row * Arrangement::kBackwardStride + 4 * word;
        from_ = w2 + row * H + 4 * word;
      }
      from_ += slice * kStep;
    }

    /// Starts copying its part of the slice.
    __device__ void copy(float* slot) const {
#pragma unroll
      for (int n = 0; n < kCopies; ++n) {
        if constexpr (direction == Direction::forward) {
          // A multiple of 8 places on, a word is rotated as far; rows there are the sum of both.
          constexpr int kPlaces = H / kWords;
          cp_async_16(slot + to_ + n * kPlaces * kSlice, from_ + Arrangement::row(n * kPlaces) * H);
        } else {
          constexpr int kRows = H / kRowWords;
          cp_async_16(slot + to_ + n * kRows * Arrangement::kBackwardStride, from_ + n * kRows * H);
        }
      }
    }

    /// On to the next slice.
    __device__ void advance() {
      from_ += kStep;
    }

   private:
    static constexpr int kRowWords = H / 4;
    static constexpr int kStep = direction == Direction::forward ? kSlice : kSlice * H;
    int to_;
    const float* from_;
  };

  __device__ int staying() const {
    return stays_ ? kStaying : 0;
  }

  /// Slices that are under way while one is multiplied.
  __device__ int ahead() const {
    return (deep_ && !stays_ ? kDeep : kShallow) - 1;
  }

  /// For the thread's own part of it, and of all before it.
  __device__ void wait_for_slice() const {
    if (deep_ && !stays_) {
      cp_async_wait<kDeep - 2>();
    } else {
      cp_async_wait<kShallow - 2>();
    }
  }

  float* const slots_;
  const bool deep_, stays_;
};

}  // namespace sac::mlp
