// The H x H product of a block's rows on the tensor cores, operands rounded to bf16, sums in fp32.
// The contract is that of tile_fp32.cuh; the weights come from the bf16 copies that the update
// keeps.
//
// W2 is small enough in bf16 to stay in shared memory as a whole: one load serves the forward and
// the backward product. It arrives in parts along the summation index, so that the first sums run
// while the rest is under way.
//
// A warp owns 32 columns of all rows: 16 x 8 blocks of the accumulator, one mma instruction for
// each and 16 summation indices. Activations are rounded as they are stored for a product, in the
// same memory where they are fp32 for a head. Rows of both operands are an odd number of 16-byte
// words long: no bank conflicts.
#pragma once

#include <cuda_runtime.h>

#include "kernels/gpu/ptx.cuh"
#include "kernels/gpu/tensor_core.cuh"
#include "kernels/mlp/tile_shape.cuh"

namespace sac::mlp {

template <int H, int M>
class TileBf16 : public TileShape<H, M, M / 8, 8> {
  using Base = TileShape<H, M, M / 8, 8>;

 public:
  using Base::kThreads, Base::kThreadRows, Base::kThreadCols, Base::kWarpCols;
  static constexpr int kBlocks = 4;     ///< 16 x 8 blocks side by side in a warp's columns
  static constexpr int kDepth = 16;     ///< summation indices of an mma
  static constexpr int kLaneGroup = 8;  ///< rows between those of one lane
  static constexpr int kActivationStride = H + 8;
  static constexpr int kOperandStride = H + 8;       ///< of both operands, in halves
  static constexpr int kPart = H < 128 ? H : H / 4;  ///< summation indices that arrive together
  static constexpr int kParts = H / kPart;
  static_assert(kPart % kDepth == 0, "an mma lies in one part");

  struct Shared {
    union {
      alignas(16) float activations[M * kActivationStride];
      alignas(16) uint16_t operand[M * kOperandStride];
    };
    alignas(16) uint16_t w2[H * kOperandStride];
  };

  /// W2 is in the kernel's own shared memory and stays, whatever the launch says.
  static constexpr size_t ring_bytes(bool) { return 0; }
  __device__ TileBf16(Shared& s, float*, bool, bool = true) : s_(s) {}

  /// [M][kActivationStride] in shared memory.
  __device__ float* activations() const { return s_.activations; }

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
  __device__ void prefetch(const NetworkWeights& net) const {
    constexpr bool forward = direction == Direction::forward;
    constexpr int kRowWords = (forward ? kPart : H) / 8;  // 16 bytes each, of one part
    constexpr int kRowsAtOnce = kThreads / kRowWords;     // that all threads copy at a time
    constexpr int kCopies = (forward ? H : kPart) / kRowsAtOnce;
    const int thread = fresh_thread_index();
    const int n = thread / kRowWords, column = thread % kRowWords * 8;
    const int row = kRowWords == 4 ? spread_row(n) : n;
    const uint16_t* from = net.w2_copy<uint16_t>() + row * H + column;
    uint16_t* to = s_.w2 + row * kOperandStride + column;
#pragma unroll 1
    for (int part = 0; part < kParts; ++part) {
#pragma unroll
      for (int i = 0; i < kCopies; ++i) {
        cp_async_16(to + i * kRowsAtOnce * kOperandStride, from + i * kRowsAtOnce * H);
      }
      cp_async_commit();
      to += forward ? kPart : kPart * kOperandStride;
      from += forward ? kPart : kPart * H;
    }
  }

  /// The W2 of the latest product again, for the same or the other direction: it is there.
  template <Direction direction>
  __device__ void reuse(const NetworkWeights&) const {}

  /// Writes neighbours of an operand, rounded, where the product reads them.
  __device__ void put(int row, int col, const Words<2>& x) const {
    const Words<1> pair = {__uint_as_float(to_bf16_pair(x.v[0], x.v[1]))};
    store(reinterpret_cast<float*>(&s_.operand[row * kOperandStride + col]), pair);
  }

  /// acc += the product, after prefetch or reuse. The block's threads all call; its first barrier
  /// makes their activations visible. On return nobody reads s any more.
  template <Direction direction>
  __device__ void product(const NetworkWeights&, Fragment<direction>& acc) const {
    const int thread = fresh_thread_index();
    const int lane = thread % kWarpSize, first = thread / kWarpSize * kWarpCols;
    // Matrices of A: 8 rows and 8 summation indices each, the upper 8 rows first.
    const uint16_t* rows = &s_.operand[lane % 16 * kOperandStride + lane / 16 * 8];
    // Matrices of B: blocks 0 and 1, of each the lower and the upper eight indices.
    const int column = first + lane / 16 * 8 + (direction == Direction::forward ? lane % 8 : 0);
    const int index = lane / 8 % 2 * 8 + (direction == Direction::forward ? 0 : lane % 8);
    const uint16_t* weights = direction == Direction::forward
                                  ? &s_.w2[column * kOperandStride + index]
                                  : &s_.w2[index * kOperandStride + column];
#pragma unroll 1
    for (int part = 0; part < kParts; ++part) {
      wait_for_part(part);
      __syncthreads();  // the part has landed for all
#pragma unroll 1
      for (int k = 0; k < kPart; k += kDepth) {
        uint32_t b[kBlocks][2];
        load_weights<direction>(weights, b);
#pragma unroll
        for (int m = 0; m < M / 16; ++m) {
          multiply(load_matrices(rows + 16 * m * kOperandStride), b, acc.v[2 * m],
                   acc.v[2 * m + 1]);
        }
        rows += kDepth;
        weights += direction == Direction::forward ? kDepth : kDepth * kOperandStride;
      }
    }
    __syncthreads();
  }

 private:
  /// For the thread's own words of it.
  __device__ static void wait_for_part(int part) {
    static_assert(kParts == 1 || kParts == 4);
    if (part == kParts - 1) return cp_async_wait<0>();
    if (part == 0) return cp_async_wait<3>();
    if (part == 1) return cp_async_wait<2>();
    cp_async_wait<1>();
  }

  /// B of the warp's four blocks for 16 summation indices, those of the lane's `weights`.
  template <Direction direction>
  __device__ static void load_weights(const uint16_t* weights, uint32_t (&b)[kBlocks][2]) {
#pragma unroll
    for (int i = 0; i < 2; ++i) {
      const Matrices w = direction == Direction::forward
                             ? load_matrices(weights + 16 * i * kOperandStride)
                             : load_matrices_transposed(weights + 16 * i);
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

  Shared& s_;
};

}  // namespace sac::mlp
