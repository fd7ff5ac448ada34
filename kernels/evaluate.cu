#include "kernels/evaluate.cuh"

#include "kernels/env/registry.h"
#include "kernels/instances.h"
#include "kernels/launcher.cuh"
#include "kernels/mlp/tile_fp32.cuh"

namespace sac {

template <int H>
void Fused<H>::evaluate(const DeviceState& d, const EpisodeResults& results, cudaStream_t stream) {
  Environments::visit(d.environment, [&]<template <class> class E>() {
    using Traits = EvaluateTraits<E, TileFp32<H, 16>>;
    const uint64_t episodes = static_cast<uint64_t>(results.episodes);
    launch<typename Traits::Shared>("evaluation", evaluate_kernel<Traits>,
                                    agent_grid(episodes, Traits::kRows, d.agents), Traits::kThreads,
                                    stream, d, results);
  });
}

template void Fused<SAC_HIDDEN>::evaluate(const DeviceState&, const EpisodeResults&, cudaStream_t);

}  // namespace sac
