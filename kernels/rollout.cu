#include "kernels/rollout.cuh"

#include "kernels/env/registry.h"
#include "kernels/instances.h"
#include "kernels/launcher.cuh"
#include "kernels/mlp/products.cuh"

namespace sac {
namespace {

/// How many rows a block owns.
template <template <class> class E, int H, Precision P>
using RolloutKernel = RolloutTraits<E, typename Products<P>::template Tile<H, 32>>;

}  // namespace

template <int H, Precision P>
void Fused<H, P>::rollout(const DeviceState& d, int steps, bool warm_up, cudaStream_t stream) {
  Environments::visit(d.environment, [&]<template <class> class E>() {
    using Traits = RolloutKernel<E, H, P>;
    launch<typename Traits::Shared>("rollout", rollout_kernel<Traits>,
                                    agent_grid(d.envs, Traits::kRows, d.agents), Traits::kThreads,
                                    stream, d, steps, warm_up);
  });
}

template <int H, Precision P>
std::vector<KernelBudget> Fused<H, P>::rollout_budgets() {
  std::vector<KernelBudget> all;
  for (int i = 0; i < Environments::size; ++i) {
    Environments::visit(i, [&all]<template <class> class E>() {
      all.push_back(budget<RolloutKernel<E, H, P>>("rollout.cu", H, P));
    });
  }
  return all;
}

template void Fused<SAC_HIDDEN, SAC_PRECISION>::rollout(const DeviceState&, int, bool,
                                                        cudaStream_t);
template std::vector<KernelBudget> Fused<SAC_HIDDEN, SAC_PRECISION>::rollout_budgets();

}  // namespace sac
