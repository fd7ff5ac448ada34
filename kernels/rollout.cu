#include "kernels/rollout.cuh"

#include "kernels/env/registry.h"
#include "kernels/instances.h"
#include "kernels/launcher.cuh"
#include "kernels/mlp/tile_fp32.cuh"

namespace sac {

template <int H>
void Fused<H>::rollout(const DeviceState& d, int steps, bool warm_up, cudaStream_t stream) {
  Environments::visit(d.environment, [&]<template <class> class E>() {
    using Traits = RolloutTraits<E, TileFp32<H, 32>>;
    launch<typename Traits::Shared>("rollout", rollout_kernel<Traits>,
                                    agent_grid(d.envs, Traits::kRows, d.agents), Traits::kThreads,
                                    stream, d, steps, warm_up);
  });
}

template void Fused<SAC_HIDDEN>::rollout(const DeviceState&, int, bool, cudaStream_t);

}  // namespace sac
