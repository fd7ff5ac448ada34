// The fused kernels' launchers, one set per hidden width and precision; evaluation is fp32 in all.
// Each source that defines a member is compiled once per set, with SAC_HIDDEN and SAC_PRECISION
// set to it (CMakeLists.txt); launch.cpp picks.
#pragma once

#include <cuda_runtime.h>

#include "kernels/fused/launch.h"

namespace sac::fused {

template <int H, Precision P>
struct Fused {
  static void rollout(const DeviceState& d, const W2Copies& copies, int steps, bool warm_up,
                      cudaStream_t stream);
  static void gradients(const DeviceState& d, const W2Copies& copies, const GivenBatch& given,
                        const Scratch& scratch, cudaStream_t stream);
  static void update(const DeviceState& d, const W2Copies& copies, const Scratch& scratch,
                     cudaStream_t stream);

  static std::vector<KernelBudget> rollout_budgets();
  static std::vector<KernelBudget> gradients_budgets();
  static KernelBudget update_budget();
};

template <int H>
struct FusedEvaluation {
  static void evaluate(const DeviceState& d, const EpisodeResults& results, cudaStream_t stream);
  static std::vector<KernelBudget> budgets();
};

}  // namespace sac::fused
