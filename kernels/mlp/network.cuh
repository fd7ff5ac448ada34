// What all passes share: a network's tensors, a block's rows, the ReLU masks of a forward pass.
#pragma once

#include <cuda_runtime.h>

#include "kernels/device_state.h"
#include "kernels/gpu/lanes.cuh"

namespace sac::mlp {

/// Through W2: from h1 to h2, or from dz2 to the gradient of h1.
enum class Direction { forward, backward };

inline constexpr int kMaxIn = kMaxObs + kMaxAct;
inline constexpr int kMaxOut = 2 * kMaxAct;

/// One agent's tensors of one network, in global memory; shapes as in layout.h. Addresses are made
/// where they are used: six pointers per network would not fit beside the accumulators.
class NetworkWeights {
 public:
  /// `copies` are needed where the operands are rounded.
  __device__ NetworkWeights(const DeviceState& d, int agent, Network n, const W2Copies& copies = {})
      : layout_(d.networks[static_cast<int>(n)]),
        base_(d.parameters + agent * d.parameter_stride),
        copies_(copies.base),
        copy_(W2Copies::offset(d.shape, agent, n)) {}

  __device__ int in() const { return layout_.in; }
  __device__ int out() const { return layout_.out; }
  __device__ const float* w1() const { return base_ + layout_.w1; }
  __device__ const float* b1() const { return base_ + layout_.b1; }
  __device__ const float* w2() const { return base_ + layout_.w2; }
  /// The rounded copy, where one is kept: of floats in tf32, of uint16_t in bf16.
  template <class T>
  __device__ const T* w2_copy() const {
    return static_cast<const T*>(copies_) + copy_;
  }
  __device__ const float* b2() const { return base_ + layout_.b2; }
  __device__ const float* w3() const { return base_ + layout_.w3; }
  __device__ const float* b3() const { return base_ + layout_.b3; }

 private:
  const NetworkLayout& layout_;
  const float* base_;
  const void* copies_;
  size_t copy_;
};

/// The rows of a batch that a block owns; the last block may own fewer than its tile holds.
struct RowRange {
  int first;
  int count;
};

/// One bit per element of a thread's fragment, in a register: was the ReLU open?
template <class Tile>
class Mask {
  static_assert(Tile::kThreadRows * Tile::kThreadCols <= 32, "a fragment's mask is one word");

 public:
  __device__ void set(int t, int c, bool open) {
    if (open) word_ |= 1u << (t * Tile::kThreadCols + c);
  }
  __device__ bool open(int t, int c) const {
    return (word_ >> (t * Tile::kThreadCols + c) & 1u) != 0;
  }

 private:
  unsigned word_ = 0;
};

/// Both hidden layers' masks, each in the layout of the fragment that needs it: h2 is made and
/// masked in forward fragments, h1 is masked where the backward product delivers its gradient.
template <class Tile>
struct Masks {
  Mask<Tile> h1;
  Mask<Tile> h2;
};

/// Where a pass leaves a [B, H] array for the update; null: it does not.
struct RowStore {
  float* base;
  RowRange rows;

  /// The address of the tile's row, or null if it is not wanted or beyond the batch.
  __device__ float* row(int row, int width) const {
    if (base == nullptr || row >= rows.count) return nullptr;
    return base + static_cast<size_t>(rows.first + row) * width;
  }
};

/// Writes a thread's fragment to shared memory with put(row, col, word) and, where wanted, to
/// global memory, in words as long as the fragment has neighbouring columns.
template <class Tile, Direction direction, class Put>
__device__ void store_fragment(const typename Tile::template Fragment<direction>& acc,
                               const RowStore& to, const Put& put) {
  constexpr int kWord = Tile::template Fragment<direction>::kNeighbours;
  const typename Tile::template Place<direction> place;
#pragma unroll
  for (int t = 0; t < Tile::kThreadRows; ++t) {
    const int row = place.row(t);
    float* global = to.row(row, Tile::kHidden);
#pragma unroll
    for (int c = 0; c < Tile::kThreadCols; c += kWord) {
      Words<kWord> word;
#pragma unroll
      for (int i = 0; i < kWord; ++i) word.v[i] = acc.v[t][c + i];
      const int col = place.col(c);
      put(row, col, word);
      if (global != nullptr) store(global + col, word);
    }
  }
}

/// A fragment as the operand of the tile's next product.
template <Direction direction, class Tile>
__device__ void store_operand(const Tile& tile,
                              const typename Tile::template Fragment<direction>& acc,
                              const RowStore& to) {
  store_fragment<Tile, direction>(
      acc, to, [&tile](int row, int col, const auto& word) { tile.put(row, col, word); });
}

/// A fragment as activations in fp32, for row_products.
template <Direction direction, class Tile>
__device__ void store_activations(const Tile& tile,
                                  const typename Tile::template Fragment<direction>& acc,
                                  const RowStore& to) {
  store_fragment<Tile, direction>(acc, to, [&tile](int row, int col, const auto& word) {
    store(&tile.activations()[row * Tile::kActivationStride + col], word);
  });
}

/// Calls store(row, o, sum) once for every row of the tile and o < count, sum = <row of the
/// activations, weight(o, .)>. A warp takes up to four rows at a time, whose loads and shuffles
/// overlap, and sums each in a fixed order. The caller synchronises before (activations) and after
/// (what store writes).
template <class Tile, class Weight, class Store>
__device__ void row_products(const Tile& tile, int count, const Weight& weight,
                             const Store& store) {
  constexpr int kTogether = Tile::kRows / Tile::kWarps < 4 ? Tile::kRows / Tile::kWarps : 4;
  const int lane = lane_index();
#pragma unroll 1
  for (int first = kTogether * warp_index(); first < Tile::kRows;
       first += kTogether * Tile::kWarps) {
    const float* row = &tile.activations()[first * Tile::kActivationStride + lane];
#pragma unroll 1
    for (int o = 0; o < count; ++o) {
      float sum[kTogether] = {};
#pragma unroll
      for (int j = 0; j < Tile::kHidden; j += kWarpSize) {
        const float w = weight(o, j + lane);
#pragma unroll
        for (int r = 0; r < kTogether; ++r) {
          sum[r] = fmaf(row[r * Tile::kActivationStride + j], w, sum[r]);
        }
      }
#pragma unroll
      for (int r = 0; r < kTogether; ++r) {
        const float total = warp_sum(sum[r]);
        if (lane == 0) store(first + r, o, total);
      }
    }
  }
}

}  // namespace sac::mlp
