// The H x H product of a block's rows on the tensor cores, operands rounded to bf16, sums in fp32.
// The contract is that of tile_fp32.cuh; the weights come from the bf16 copies that the update
// keeps.
//
// W2 is small enough in bf16 to stay in shared memory as a whole: one load serves the forward and
// the backward product. It arrives in parts along the summation index, so that the first sums run
// while the rest is under way.
//
// A warp owns 32 columns of all rows: 16 x 8 blocks of the accumulator, one mma instruction for
// each and 16 summation indices. W2's rows are an odd number of 16-byte words long, and the rows
// of activations 8 banks apart: no bank conflicts. Activations stay fp32, for the heads, and are
// rounded as they enter.
#pragma once

#include <cuda_runtime.h>

#include "kernels/gpu/ptx.cuh"
#include "kernels/gpu/tensor_core.cuh"
#include "kernels/mlp/tile_shape.cuh"

namespace sac::mlp {

template <int H, int M>
struct TileBf16 : TileShape<H, M, M / 8, 8> {
  using Base = TileShape<H, M, M / 8, 8>;
  using Base::kThreads, Base::kThreadRows, Base::kThreadCols, Base::kWarpCols;
  static constexpr int kBlocks = 4;     ///< 16 x 8 blocks side by side in a warp's columns
  static constexpr int kDepth = 16;     ///< summation indices of an mma
  static constexpr int kLaneGroup = 8;  ///< rows between those of one lane
  static constexpr int kActivationStride = H + 8;
  static constexpr int kWeightStride = H + 8;
  static constexpr int kPart = H < 128 ? H : H / 4;  ///< summation indices that arrive together
  static constexpr int kParts = H / kPart;
  static_assert(kPart % kDepth == 0, "an mma lies in one part");

  struct Shared {
    alignas(16) float activations[M * kActivationStride];
    alignas(16) uint16_t w2[H * kWeightStride];
  };

  /// A thread's part of the M x H accumulator.
  template <Direction direction>
  struct Fragment {
    static constexpr int kNeighbours = 2;
    float v[kThreadRows][kThreadCols];
  };

  /// Where it is: element [t][c] belongs to row(t), col(c). Made once per phase.
  template <Direction direction>
  class Place {
   public:
    __device__ Place() : Place(fresh_thread_index()) {}

    __device__ int row(int t) const { return row_ + t * kLaneGroup; }
    __device__ int col(int c) const { return col_ + c / 2 * 8 + c % 2; }

   private:
    __device__ explicit Place(int thread)
        : row_(thread % kWarpSize / 4), col_(thread / kWarpSize * kWarpCols + thread % 4 * 2) {}

    const int row_, col_;
  };

  /// Starts bringing the network's W2, in parts along the summation index. Nobody may be reading
  /// the one that is there.
  template <Direction direction>
  __device__ static void prefetch(Shared& s, const NetworkWeights& net) {
    constexpr bool forward = direction == Direction::forward;
    constexpr int kRowWords = (forward ? kPart : H) / 8;  // 16 bytes each, of one part
    const uint16_t* w2 = net.w2_bf16();
    const int thread = fresh_thread_index();
    for (int part = 0; part < kParts; ++part) {
      const int first_row = forward ? 0 : part * kPart, first_column = forward ? part * kPart : 0;
      for (int i = thread; i < (forward ? H : kPart) * kRowWords; i += kThreads) {
        const int n = i / kRowWords, column = first_column + i % kRowWords * 8;
        const int row = first_row + (kRowWords == 4 ? spread_row(n) : n);
        cp_async_16(&s.w2[row * kWeightStride + column], &w2[row * H + column]);
      }
      cp_async_commit();
    }
  }

  /// The W2 of the latest product again, for the other direction: it is there.
  template <Direction direction>
  __device__ static void reuse(Shared&, const NetworkWeights&) {}

  /// acc = the product, after prefetch or reuse. The block's threads all call; its first barrier
  /// makes their activations visible. On return nobody reads s any more.
  template <Direction direction>
  __device__ static void product(Shared& s, const NetworkWeights&, Fragment<direction>& acc) {
    acc = {};
    multiply_parts<direction>(s, acc);
    __syncthreads();
  }

 private:
  template <Direction direction, int kFirst = 0>
  __device__ static void multiply_parts(const Shared& s, Fragment<direction>& acc) {
    if constexpr (kFirst < kParts) {
      cp_async_wait<kParts - 1 - kFirst>();
      __syncthreads();  // the part has landed for all
      const int thread = fresh_thread_index();
#pragma unroll 1
      for (int k = kFirst * kPart; k < (kFirst + 1) * kPart; k += kDepth) {
        uint32_t b[kBlocks][2];
        load_weights<direction>(s, k, thread, b);
#pragma unroll
        for (int m = 0; m < M / 16; ++m) {
          multiply(load_rows(s, m, k, thread), b, acc.v[2 * m], acc.v[2 * m + 1]);
        }
      }
      multiply_parts<direction, kFirst + 1>(s, acc);
    }
  }

  /// A of 16 rows: columns k .. k + 15 of the activations.
  __device__ static Matrices load_rows(const Shared& s, int m, int k, int thread) {
    const int lane = thread % kWarpSize;
    Matrices a;
#pragma unroll
    for (int x = 0; x < 4; ++x) {
      const int row = 16 * m + lane / 4 + x % 2 * 8, column = k + lane % 4 * 2 + x / 2 * 8;
      const Words<2> pair = load<2>(&s.activations[row * kActivationStride + column]);
      a.v[x] = to_bf16_pair(pair.v[0], pair.v[1]);
    }
    return a;
  }

  /// B of the warp's four blocks for the summation indices k .. k + 15.
  template <Direction direction>
  __device__ static void load_weights(const Shared& s, int k, int thread,
                                      uint32_t (&b)[kBlocks][2]) {
    const int lane = thread % kWarpSize, first = thread / kWarpSize * kWarpCols;
#pragma unroll
    for (int i = 0; i < 2; ++i) {
      // Matrices: blocks 2i and 2i + 1, of each the lower and the upper eight indices.
      const int column = first + (2 * i + lane / 16) * 8;
      const int index = k + lane / 8 % 2 * 8;
      Matrices w;
      if (direction == Direction::forward) {
        w = load_matrices(&s.w2[(column + lane % 8) * kWeightStride + index]);
      } else {
        w = load_matrices_transposed(&s.w2[(index + lane % 8) * kWeightStride + column]);
      }
#pragma unroll
      for (int x = 0; x < 4; ++x) b[2 * i + x / 2][x % 2] = w.v[x];
    }
  }

  /// The lane's parts of two rows += A times the four blocks' B.
  __device__ static void multiply(const Matrices& a, const uint32_t (&b)[kBlocks][2],
                                  float (&upper)[kThreadCols], float (&lower)[kThreadCols]) {
#pragma unroll
    for (int x = 0; x < kBlocks; ++x) {
      mma_bf16({{a.v[0], a.v[1], a.v[2], a.v[3]}, {b[x][0], b[x][1]}}, upper[2 * x],
               upper[2 * x + 1], lower[2 * x], lower[2 * x + 1]);
    }
  }
};

}  // namespace sac::mlp
