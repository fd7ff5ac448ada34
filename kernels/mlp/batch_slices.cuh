// Rows of a batch on their way through shared memory: strips of 32 columns of [batch, H] arrays, by
// cp.async. A chunk of kStages slices starts at once, so that all of it travels together; slices
// are used in their order, as they come.
//
// A thread may change the words that it brought, in place, before the others see them: what is done
// once per element costs no barrier.
//
// Arrangement::place(row, word) is where a row's 16-byte word lies among its eight, the same for
// rows that are 8 apart: the reader's choice, so that its accesses have no bank conflicts.
#pragma once

#include <cuda_runtime.h>

#include "kernels/gpu/lanes.cuh"
#include "kernels/gpu/ptx.cuh"

namespace sac::mlp {

template <int kStripCount, int kSliceRows, int kStageCount, int kThreads, class Arrangement>
struct BatchSlices {
  static constexpr int kStrips = kStripCount;
  static constexpr int kSlice = kSliceRows;  ///< rows
  static constexpr int kStages = kStageCount;
  static constexpr int kChunk = kSlice * kStages;  ///< rows
  static constexpr int kColumns = 32;

  using Slice = float[kStrips][kSlice][kColumns];
  struct Shared {
    alignas(16) Slice slices[kStages];
  };

  /// Starts bringing a chunk's first `count` rows, zeros for what is left of the last slice.
  /// source(strip, row) points at the strip's first column in the chunk's row; of strips from
  /// `strips` on there is nothing. Nobody may be reading the slices.
  template <class Source>
  __device__ static void fetch(Shared& s, int count, int strips, const Source& source) {
    const int first = thread_index() / kWords, word = thread_index() % kWords;
    const int column = 4 * Arrangement::place(first, word);
#pragma unroll
    for (int stage = 0; stage < kStages; ++stage) {
#pragma unroll
      for (int n = 0; n < kCopies; ++n) {
        const int row = first + n * kRowsAtOnce, in_chunk = stage * kSlice + row;
        if (stage * kSlice >= count) break;
#pragma unroll
        for (int strip = 0; strip < kStrips; ++strip) {
          if (strip >= strips) break;
          cp_async_16_or_zero(&s.slices[stage][strip][row][column],
                              source(strip, in_chunk) + 4 * word, in_chunk < count);
        }
      }
      cp_async_commit();
    }
  }

  /// After fetch, with all threads: for each slice that has rows change(strip, row of the chunk,
  /// word) for the words that the thread brought, then use(slice, first row) once they are visible
  /// to all. On return nobody reads the slices any more.
  template <class Change, class Use>
  __device__ static void for_each_slice(Shared& s, int count, const Change& change,
                                        const Use& use) {
    const int first = thread_index() / kWords, word = thread_index() % kWords;
    const int column = 4 * Arrangement::place(first, word);
#pragma unroll 1
    for (int stage = 0; stage * kSlice < count; ++stage) {
      Slice& slice = s.slices[stage];
      cp_async_wait<kStages - 1>();
#pragma unroll
      for (int n = 0; n < kCopies; ++n) {
        const int row = first + n * kRowsAtOnce;
#pragma unroll
        for (int strip = 0; strip < kStrips; ++strip) {
          change(strip, stage * kSlice + row, &slice[strip][row][column]);
        }
      }
      __syncthreads();
      cp_async_commit();  // an empty group: the wait for the next slice leaves as many under way
      use(slice, stage * kSlice);
    }
    __syncthreads();
  }

 private:
  static constexpr int kWords = kColumns / 4;
  static constexpr int kRowsAtOnce = kThreads / kWords;
  static constexpr int kCopies = kSlice / kRowsAtOnce;
  static_assert(kCopies * kRowsAtOnce == kSlice && kRowsAtOnce % 8 == 0);
};

}  // namespace sac::mlp
