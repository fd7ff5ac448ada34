// The fused kernels' launchers, one set per hidden width. Each source that defines a member is
// compiled once per width, with SAC_HIDDEN set to it (CMakeLists.txt); launch.cpp picks.
#pragma once

#include <cuda_runtime.h>

#include "kernels/launch.h"

namespace sac {

template <int H>
struct Fused {
  static void rollout(const DeviceState& d, int steps, bool warm_up, cudaStream_t stream);
  static void gradients(const DeviceState& d, const GivenBatch& given, cudaStream_t stream);
  static void update(const DeviceState& d, cudaStream_t stream);
  static void evaluate(const DeviceState& d, const EpisodeResults& results, cudaStream_t stream);

  static std::vector<KernelBudget> rollout_budgets();
  static KernelBudget gradients_budget();
  static KernelBudget update_budget();
  static std::vector<KernelBudget> evaluate_budgets();
};

}  // namespace sac
