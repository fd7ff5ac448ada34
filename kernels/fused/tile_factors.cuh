// The two factors whose outer products over the batch are a tile of W2's gradient: dz2 and h1.
//
// dz2[b, j] of a scalar network is gradient[b] * w3[j] where the ReLU is open. w3[j] comes last and
// the gradient goes to h1: what is left of dz2 is 0 or 1, exact in every precision.
#pragma once

#include <cuda_runtime.h>

#include "kernels/fused/network_scratch.cuh"
#include "kernels/gpu/lanes.cuh"
#include "kernels/sac/row_loss.cuh"

namespace sac::fused {

/// Factors of mlp::WeightGradient, of the tile from column first_in and row first_out on.
template <int H, class Product>
class TileFactors {
 public:
  using Batch = typename Product::Batch;

  /// What belongs to a row of the batch, looked up once.
  union Shared {
    float gradient[Batch::kChunk];  ///< of a scalar network's output
    int version[Batch::kChunk];     ///< where the policy's gradients lie, from those through Q1
  };

  __device__ TileFactors(const NetworkScratch& scratch, const RowLosses& rows, Network network,
                         int first_out, int first_in, Shared& s)
      : scratch_(scratch),
        rows_(rows),
        network_(network),
        first_out_(first_out),
        first_in_(first_in),
        s_(s) {}

  __device__ void fetch(typename Batch::Shared& batch, int first, int count) {
    static_assert(Product::kThreads == Batch::kChunk, "a thread looks up a row");
    const int row = thread_index();
    there_ = row < count;
    if (there_) terms_ = rows_.terms(network_, first + row);
    if (policy()) {
      s_.version[row] = there_ ? rows_.policy_q(terms_) * scratch_.through_q2 : 0;
      __syncthreads();
    }
    Batch::fetch(batch, count, Batch::kStrips, [&](int strip, int r) -> const float* {
      const size_t at = static_cast<size_t>(first + r) * H;
      if (strip > 0) return scratch_.h1 + at + first_in_ + (strip - 1) * Batch::kColumns;
      return (policy() ? scratch_.dz2 + s_.version[r] : scratch_.h2) + at + first_out_;
    });
  }

  __device__ void finish_fetch() {
    if (policy()) return;
    s_.gradient[thread_index()] = there_ ? rows_.output_gradient(network_, terms_) : 0.0f;
    __syncthreads();
  }

  __device__ Vector4 out(Vector4 word) const {
    if (policy()) return word;
#pragma unroll
    for (float& x : word.v) x = x > 0 ? 1.0f : 0.0f;
    return word;
  }

  __device__ Vector4 in(int row, Vector4 word) const {
    if (policy()) return word;
    const float factor = s_.gradient[row];
#pragma unroll
    for (float& x : word.v) x *= factor;
    return word;
  }

 private:
  __device__ bool policy() const {
    return network_ == Network::pi;
  }

  const NetworkScratch& scratch_;
  const RowLosses& rows_;
  const Network network_;
  const int first_out_, first_in_;
  Shared& s_;
  RowLosses::Terms terms_ = {};  ///< of the thread's row
  bool there_ = false;           ///< the row is one of the batch
};

}  // namespace sac::fused
