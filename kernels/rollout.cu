#include "kernels/rollout.cuh"

#include "kernels/env/registry.h"
#include "kernels/instances.h"
#include "kernels/launcher.cuh"
#include "kernels/mlp/tile_fp32.cuh"

namespace sac {
namespace {

/// How many rows a block owns.
template <template <class> class E, int H>
using RolloutKernel = RolloutTraits<E, TileFp32<H, 32>>;

}  // namespace

template <int H>
void Fused<H>::rollout(const DeviceState& d, int steps, bool warm_up, cudaStream_t stream) {
  Environments::visit(d.environment, [&]<template <class> class E>() {
    using Traits = RolloutKernel<E, H>;
    launch<typename Traits::Shared>("rollout", rollout_kernel<Traits>,
                                    agent_grid(d.envs, Traits::kRows, d.agents), Traits::kThreads,
                                    stream, d, steps, warm_up);
  });
}

template <int H>
std::vector<KernelBudget> Fused<H>::rollout_budgets() {
  std::vector<KernelBudget> all;
  for (int i = 0; i < Environments::size; ++i) {
    Environments::visit(i, [&all]<template <class> class E>() {
      using Traits = RolloutKernel<E, H>;
      all.push_back({"rollout.cu", H, Traits::kThreads, sizeof(typename Traits::Shared)});
    });
  }
  return all;
}

template void Fused<SAC_HIDDEN>::rollout(const DeviceState&, int, bool, cudaStream_t);
template std::vector<KernelBudget> Fused<SAC_HIDDEN>::rollout_budgets();

}  // namespace sac
