// A block that plays environments with the current policy: what rollout and evaluation share.
#pragma once

#include <cuda_runtime.h>

#include "kernels/env/environment.h"
#include "kernels/mlp/forward.cuh"

namespace sac::fused {

/// Rows are environments; thread r < kRows owns the environment of row r.
template <template <class> class E, class TileType>
struct PolicyRows {
  using Tile = TileType;
  using Environment = E<float>;
  static constexpr int kObs = Environment::info.obs, kAct = Environment::info.act;
  static constexpr int kRows = Tile::kRows;
  static constexpr int kThreads = Tile::kThreads;
  static_assert(kThreads >= kRows, "a thread owns one row's environment");
  static_assert(kObs <= kMaxObs && kAct <= kMaxAct, "the kernels are built for these sizes");

  struct Shared {
    typename Tile::Shared tile;
    float input[kRows][mlp::kMaxIn];           ///< observations
    float policy_output[kRows][mlp::kMaxOut];  ///< means, log-stds
  };

  /// The policy's heads for the observations in s.input, visible to the block on return. All
  /// threads call; s.input need not be visible yet. `first`: the block has not run it before.
  __device__ static void run_policy(Shared& s, const Tile& tile, const mlp::NetworkWeights& pi,
                                    bool first) {
    if (first) {
      tile.template prefetch<mlp::Direction::forward>(pi);
    } else {
      tile.template reuse<mlp::Direction::forward>(pi);
    }
    __syncthreads();
    const mlp::RowStore no_store = {nullptr, {0, 0}};
    mlp::forward_hidden(tile, s.input, pi, no_store, no_store);
    mlp::head(tile, pi, s.policy_output);
  }

  /// Rows without an environment: their observation is zero for good.
  __device__ static void clear_input(Shared& s) {
    for (int i = thread_index(); i < kRows * mlp::kMaxIn; i += kThreads) {
      s.input[i / mlp::kMaxIn][i % mlp::kMaxIn] = 0;
    }
    __syncthreads();
  }
};

}  // namespace sac::fused
