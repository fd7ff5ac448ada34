// Evaluation: whole episodes with the policy's mean action, in one launch.
#pragma once

#include <cuda_runtime.h>

#include "kernels/episode.cuh"
#include "kernels/launch.h"
#include "kernels/occupancy.h"
#include "kernels/policy_rows.cuh"
#include "kernels/shared_storage.cuh"

namespace sac {

template <template <class> class E, class TileType>
struct EvaluateTraits : PolicyRows<E, TileType> {
  using Rows = PolicyRows<E, TileType>;
  using Episode = sac::Episode<E>;
  using Shared = typename Rows::Shared;
  static constexpr int kBlocksPerSm = blocks_per_sm(Rows::kThreads, sizeof(Shared));
};

/// Grid: x = tiles of kRows episodes, y = agents.
template <class Traits>
__device__ void evaluate_body(const DeviceState& d, const EpisodeResults& results) {
  using Rows = typename Traits::Rows;
  auto& s = shared_storage<typename Traits::Shared>();
  const int agent = static_cast<int>(blockIdx.y);
  const NetworkWeights pi(d, agent, Network::pi);
  const float max_action = d.control[agent].max_action;
  const int row = thread_index();
  const int episode = static_cast<int>(blockIdx.x) * Traits::kRows + row;
  const bool owner = row < Traits::kRows && episode < results.episodes;

  typename Traits::Episode game;
  game.start(results.seed + agent, episode);
  game.playing = owner;
  bool first = true;
  Rows::clear_input(s);
  while (__syncthreads_or(game.playing)) {
    if (game.playing) Traits::Environment::observe(game.state, s.input[row]);
    Rows::run_policy(s, pi, first);
    first = false;
    if (game.playing) game.step(s.policy_output[row], max_action);
  }
  if (!owner) return;
  const size_t at = static_cast<size_t>(agent) * results.episodes + episode;
  results.returns[at] = game.total;
  results.lengths[at] = game.length;
}

template <class Traits>
__global__ void __launch_bounds__(Traits::kThreads, Traits::kBlocksPerSm)
    evaluate_kernel(const __grid_constant__ DeviceState d,
                    const __grid_constant__ EpisodeResults results) {
  evaluate_body<Traits>(d, results);
}

}  // namespace sac
