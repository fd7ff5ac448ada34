// The H x H product of a block's rows, in fp32 on the ordinary cores.
//
// A block holds M rows of activations in shared memory and multiplies them with W2, [out][in] in
// global memory, which streams through a ring of slices filled by cp.async:
//
//   forward:  acc[r][j] = sum_i activations[r][i] W2[j][i], slices are 16 columns i of all rows j
//   backward: acc[r][i] = sum_j activations[r][j] W2[j][i], slices are 16 rows j
//
// Both sum in ascending order with fma, whatever M is: a row's result depends on that row and W2
// alone, to the last bit.
//
// A warp is 4 x 8 lanes: a lane owns kThreadRows x kThreadCols elements of the accumulator, which
// stay in its registers. Which ones, its Place tells: rows are interleaved (4 lanes use 4
// consecutive rows, which are 8 banks apart), forward columns too (8 lanes read 8 consecutive
// rows of a slice); backward columns come in fours, so that a slice row is read in 16-byte words.
// No access to shared memory has a bank conflict: tests/kernels/layer/traffic_test.cpp.
#pragma once

#include <cuda_runtime.h>

#include "kernels/mlp/network.cuh"
#include "kernels/ptx.cuh"

namespace sac {

template <int H, int M>
struct TileFp32 {
  static_assert(H == 32 || H == 64 || H == 128 || H == 256, "hidden must be 32, 64, 128 or 256");
  static_assert(M == 16 || M == 32, "a block owns 16 or 32 rows");

  static constexpr int kHidden = H;
  static constexpr int kRows = M;
  static constexpr int kLaneRows = 4, kLaneCols = 8;
  static constexpr int kThreadRows = M / kLaneRows, kThreadCols = 4;
  static constexpr int kWarps = H / (kLaneCols * kThreadCols);
  static constexpr int kThreads = kWarps * kWarpSize;
  static_assert(kThreadRows * kThreadCols * kThreads == M * H, "every element has one owner");

  static constexpr int kSlice = 16;  ///< values of the summation index per slice
  static constexpr int kSlices = H / kSlice;
  static constexpr int kStages = M == 16 ? 3 : 2;  ///< slices in the ring
  static constexpr int kRowPad = 8;  ///< rows start 8 banks apart: 4 rows of 8 columns fill all 32
  static constexpr int kActivationStride = H + kRowPad;

  struct Shared {
    alignas(16) float activations[M * kActivationStride];
    alignas(16) float ring[kStages][H * kSlice];
  };

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
          col_(thread / kWarpSize * kLaneCols * kThreadCols +
               thread % kLaneCols * (direction == Direction::forward ? 1 : kThreadCols)) {}

    const int row_, col_;
  };

  /// Starts filling the ring with W2's first slices. Nobody may be reading the ring.
  template <Direction direction>
  __device__ static void prefetch(Shared& s, const float* w2) {
    const int thread = fresh_thread_index();
    for (int slice = 0; slice < kStages - 1; ++slice) {
      copy_slice<direction>(s, w2, slice, thread);
      cp_async_commit();
    }
  }

  /// acc = the product, after prefetch<direction>(s, w2). The block's threads all call; its first
  /// barrier makes their activations visible. On return nobody reads s any more.
  template <Direction direction>
  __device__ static void product(Shared& s, const float* w2, Fragment<direction>& acc) {
    const int thread = fresh_thread_index();
    const Place<direction> place;
    acc = {};
#pragma unroll 1
    for (int slice = 0; slice < kSlices; ++slice) {
      cp_async_wait<kStages - 2>();
      __syncthreads();  // the slice has landed for all, and all have left the slice before it
      copy_slice<direction>(s, w2, slice + kStages - 1, thread);
      cp_async_commit();
      const float* weights = s.ring[slice % kStages];
#pragma unroll 1
      for (int k = 0; k < kSlice; k += 4) {
        Vector4 a[kThreadRows];
#pragma unroll
        for (int t = 0; t < kThreadRows; ++t) {
          a[t] = load<4>(&s.activations[place.row(t) * kActivationStride + slice * kSlice + k]);
        }
        multiply(a, weights, k, place, acc);
      }
    }
    cp_async_wait<0>();
    __syncthreads();
  }

 private:
  static constexpr int kWords = kSlice / 4;  ///< 16-byte words per row of a forward slice

  /// Where word `word` of row j lies in a forward slice. A row is half of the banks wide; the words
  /// of every second row are rotated, so that 8 rows' words of one number lie in 8 places.
  __device__ static int forward_place(int j, int word) {
    return kSlice * j + 4 * (word ^ (j / 2 % kWords));
  }

  /// Copies one slice of W2 into its place in the ring; nothing beyond the last.
  template <Direction direction>
  __device__ static void copy_slice(Shared& s, const float* w2, int slice, int thread) {
    if (slice >= kSlices) return;
    float* ring = s.ring[slice % kStages];
    if (direction == Direction::forward) {
      for (int i = thread; i < H * kWords; i += kThreads) {
        const int j = i / kWords, word = i % kWords;
        cp_async_16(&ring[forward_place(j, word)], &w2[j * H + slice * kSlice + 4 * word]);
      }
    } else {
      for (int i = thread; i < kSlice * H / 4; i += kThreads) {
        cp_async_16(&ring[4 * i], &w2[slice * kSlice * H + 4 * i]);
      }
    }
  }

  /// acc += a (four summation indices k .. k + 3 of the thread's rows) times the slice.
  __device__ static void multiply(const Vector4 (&a)[kThreadRows], const float* weights, int k,
                                  const Place<Direction::forward>& place,
                                  Fragment<Direction::forward>& acc) {
#pragma unroll
    for (int c = 0; c < kThreadCols; ++c) {
      const Vector4 w = load<4>(&weights[forward_place(place.col(c), k / 4)]);
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

}  // namespace sac
