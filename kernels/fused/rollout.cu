// Rollout: policy, action, environment step, reset and replay record, several steps per launch.
//
// A block owns kRows environments of one agent for the whole launch and needs no other block: an
// environment counts its own steps, and its replay slots follow from that count.
#include <cuda_runtime.h>

#include "kernels/env/registry.h"
#include "kernels/fused/instances.h"
#include "kernels/fused/policy_rows.cuh"
#include "kernels/fused/ring_depth.h"
#include "kernels/gpu/launch_kernel.cuh"
#include "kernels/gpu/occupancy.h"
#include "kernels/gpu/shared_storage.cuh"
#include "kernels/mlp/products.cuh"
#include "kernels/sac/rollout_step.cuh"

namespace sac::fused {

template <template <class> class E, class TileType>
struct RolloutTraits : PolicyRows<E, TileType> {
  using Rows = PolicyRows<E, TileType>;
  using Slot = env::EnvironmentSlot<E>;
  static constexpr RecordLayout kRecord = record_of<E>;

  struct alignas(16) Shared {
    typename Rows::Shared policy;
    float record[Rows::kRows][kRecord.size + 1];  ///< threads write a row each: no bank conflicts
    uint32_t slot[Rows::kRows];                   ///< replay slots of the rows
  };
  static constexpr size_t shared_bytes(bool deep) {
    return sizeof(Shared) + TileType::ring_bytes(deep);
  }
  static constexpr int kBlocksPerSm = blocks_per_sm(Rows::kThreads, shared_bytes(false));
};

/// Grid: x = tiles of kRows environments, y = agents.
template <class Traits>
__global__ void __launch_bounds__(Traits::kThreads, Traits::kBlocksPerSm)
    rollout_kernel(const __grid_constant__ DeviceState d, const __grid_constant__ W2Copies copies,
                   int steps, bool warm_up, bool deep_ring) {
  using Rows = typename Traits::Rows;
  constexpr RecordLayout kRecord = Traits::kRecord;
  auto& s = shared_storage<typename Traits::Shared>();
  const typename Rows::Tile tile(s.policy.tile, beyond(s), deep_ring, steps > 1);
  const int agent = blockIdx.y;
  const AgentControl& control = d.control[agent];
  if (control.retired != 0) return;
  const mlp::NetworkWeights pi(d, agent, Network::pi, copies);
  const uint64_t first = static_cast<uint64_t>(blockIdx.x) * Traits::kRows;
  const uint64_t left = d.envs - first;
  const int count = left < Traits::kRows ? static_cast<int>(left) : Traits::kRows;
  const int row = thread_index();
  const bool owner = row < count;

  typename Traits::Slot e(d, agent, first + (owner ? row : 0));
  if (owner) e.load();
  for (int i = thread_index(); i < Traits::kRows * kRecord.size; i += Traits::kThreads) {
    s.record[i / kRecord.size][i % kRecord.size] = 0;  // the padding goes to the replay too
  }
  Rows::clear_input(s.policy);
  for (int step = 0; step < steps; ++step) {
    if (owner) {
      Traits::Environment::observe(e.state, s.record[row]);
      for (int i = 0; i < Traits::kObs; ++i) s.policy.input[row][i] = s.record[row][i];
    }
    if (!warm_up) Rows::run_policy(s.policy, tile, pi, step == 0);
    if (owner) {
      for (int a = 0; a < Traits::kAct; ++a) {
        s.record[row][kRecord.action + a] =
            rollout_action(control, s.policy.policy_output[row], a, e, warm_up);
      }
      s.slot[row] = static_cast<uint32_t>(replay_slot(e.vector_step, d.envs, e.index, d.capacity));
      rollout_step(control, e, s.record[row]);
    }
    __syncthreads();
    for (int i = thread_index(); i < count * kRecord.size; i += Traits::kThreads) {
      const int r = i / kRecord.size;
      d.replay[(agent * d.capacity + s.slot[r]) * kRecord.size + i % kRecord.size] =
          s.record[r][i % kRecord.size];
    }
    __syncthreads();
  }
  if (owner) e.save();
}

namespace {

/// A block owns 32 environments.
template <template <class> class E, int H, Precision P>
using RolloutKernel = RolloutTraits<E, typename mlp::Products<P>::template Tile<H, 32>>;

}  // namespace

template <int H, Precision P>
void Fused<H, P>::rollout(const DeviceState& d, const W2Copies& copies, int steps, bool warm_up,
                          cudaStream_t stream) {
  env::Environments::visit(d.environment, [&]<template <class> class E>() {
    using Traits = RolloutKernel<E, H, P>;
    const dim3 grid = agent_grid(d.envs, Traits::kRows, d.agents);
    const bool deep = deep_ring_fits<Traits>(d.gpu, grid);
    launch("rollout", rollout_kernel<Traits>, {grid, Traits::kThreads, Traits::shared_bytes(deep)},
           stream, d, copies, steps, warm_up, deep);
  });
}

template <int H, Precision P>
std::vector<KernelBudget> Fused<H, P>::rollout_budgets() {
  std::vector<KernelBudget> all;
  for (int i = 0; i < env::Environments::size; ++i) {
    env::Environments::visit(i, [&all]<template <class> class E>() {
      all.push_back(ring_budget<RolloutKernel<E, H, P>>("rollout.cu", H, P));
    });
  }
  return all;
}

template void Fused<SAC_HIDDEN, SAC_PRECISION>::rollout(const DeviceState&, const W2Copies&, int,
                                                        bool, cudaStream_t);
template std::vector<KernelBudget> Fused<SAC_HIDDEN, SAC_PRECISION>::rollout_budgets();

}  // namespace sac::fused
