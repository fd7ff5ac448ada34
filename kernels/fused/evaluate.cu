// Evaluation: whole episodes with the policy's mean action, in one launch.
#include <cuda_runtime.h>

#include "kernels/env/episode.cuh"
#include "kernels/env/registry.h"
#include "kernels/fused/instances.h"
#include "kernels/fused/launch.h"
#include "kernels/fused/policy_rows.cuh"
#include "kernels/fused/ring_depth.h"
#include "kernels/gpu/launch_kernel.cuh"
#include "kernels/gpu/occupancy.h"
#include "kernels/gpu/shared_storage.cuh"
#include "kernels/mlp/tile_fp32.cuh"

namespace sac::fused {

template <template <class> class E, class TileType>
struct EvaluateTraits : PolicyRows<E, TileType> {
  using Rows = PolicyRows<E, TileType>;
  using Episode = env::Episode<E>;
  using Shared = typename Rows::Shared;
  static constexpr size_t shared_bytes(bool deep) {
    return sizeof(Shared) + TileType::ring_bytes(deep);
  }
  static constexpr int kBlocksPerSm = blocks_per_sm(Rows::kThreads, shared_bytes(false));
};

/// Grid: x = tiles of kRows episodes, y = agents.
template <class Traits>
__global__ void __launch_bounds__(Traits::kThreads, Traits::kBlocksPerSm)
    evaluate_kernel(const __grid_constant__ DeviceState d,
                    const __grid_constant__ EpisodeResults results, bool deep_ring) {
  using Rows = typename Traits::Rows;
  auto& s = shared_storage<typename Traits::Shared>();
  const typename Rows::Tile tile(s.tile, beyond(s), deep_ring, true);
  const int agent = blockIdx.y;
  if (!env::plays(results, agent)) return;
  const mlp::NetworkWeights pi(d, agent, Network::pi);
  const float max_action = d.control[agent].max_action;
  const int row = thread_index();
  const int episode = static_cast<int>(blockIdx.x) * Traits::kRows + row;
  const bool owner = row < Traits::kRows && episode < results.episodes;

  typename Traits::Episode game;
  game.start(results, agent, episode);
  game.playing = owner;
  bool first = true;
  Rows::clear_input(s);
  while (__syncthreads_or(game.playing)) {
    if (game.playing) Traits::Environment::observe(game.state, s.input[row]);
    Rows::run_policy(s, tile, pi, first);
    first = false;
    if (game.playing) game.step(s.policy_output[row], max_action);
  }
  if (!owner) return;
  const size_t at = static_cast<size_t>(agent) * results.episodes + episode;
  results.returns[at] = game.total;
  results.lengths[at] = game.length;
}

namespace {

/// A block owns 16 episodes.
template <template <class> class E, int H>
using EvaluateKernel = EvaluateTraits<E, mlp::TileFp32<H, 16>>;

}  // namespace

template <int H>
void FusedEvaluation<H>::evaluate(const DeviceState& d, const EpisodeResults& results,
                                  cudaStream_t stream) {
  env::Environments::visit(d.environment, [&]<template <class> class E>() {
    using Traits = EvaluateKernel<E, H>;
    const dim3 grid = agent_grid(results.episodes, Traits::kRows, d.agents);
    const bool deep = deep_ring_fits<Traits>(d.gpu, grid);
    launch("evaluation", evaluate_kernel<Traits>,
           {grid, Traits::kThreads, Traits::shared_bytes(deep)}, stream, d, results, deep);
  });
}

template <int H>
std::vector<KernelBudget> FusedEvaluation<H>::budgets() {
  std::vector<KernelBudget> all;
  for (int i = 0; i < env::Environments::size; ++i) {
    env::Environments::visit(i, [&all]<template <class> class E>() {
      all.push_back(ring_budget<EvaluateKernel<E, H>>("evaluate.cu", H, Precision::fp32));
    });
  }
  return all;
}

template void FusedEvaluation<SAC_HIDDEN>::evaluate(const DeviceState&, const EpisodeResults&,
                                                    cudaStream_t);
template std::vector<KernelBudget> FusedEvaluation<SAC_HIDDEN>::budgets();

}  // namespace sac::fused
