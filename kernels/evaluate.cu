#include "kernels/evaluate.cuh"

#include "kernels/env/registry.h"
#include "kernels/instances.h"
#include "kernels/launcher.cuh"
#include "kernels/mlp/tile_fp32.cuh"

namespace sac {
namespace {

/// How many rows a block owns.
template <template <class> class E, int H>
using EvaluateKernel = EvaluateTraits<E, TileFp32<H, 16>>;

}  // namespace

template <int H>
void FusedEvaluation<H>::evaluate(const DeviceState& d, const EpisodeResults& results,
                                  cudaStream_t stream) {
  Environments::visit(d.environment, [&]<template <class> class E>() {
    using Traits = EvaluateKernel<E, H>;
    const uint64_t episodes = static_cast<uint64_t>(results.episodes);
    launch<typename Traits::Shared>("evaluation", evaluate_kernel<Traits>,
                                    agent_grid(episodes, Traits::kRows, d.agents), Traits::kThreads,
                                    stream, d, results);
  });
}

template <int H>
std::vector<KernelBudget> FusedEvaluation<H>::budgets() {
  std::vector<KernelBudget> all;
  for (int i = 0; i < Environments::size; ++i) {
    Environments::visit(i, [&all]<template <class> class E>() {
      all.push_back(budget<EvaluateKernel<E, H>>("evaluate.cu", H, Precision::fp32));
    });
  }
  return all;
}

template void FusedEvaluation<SAC_HIDDEN>::evaluate(const DeviceState&, const EpisodeResults&,
                                                    cudaStream_t);
template std::vector<KernelBudget> FusedEvaluation<SAC_HIDDEN>::budgets();

}  // namespace sac
