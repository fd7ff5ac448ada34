// A policy on its way to another program: its deterministic action, m tanh(mean), as three layers.
#pragma once

#include <array>
#include <vector>

#include "host/files/checkpoint.h"
#include "kernels/env/environment.h"

namespace sac::exporting {

/// y = W x + b, with W [out, in] row-major and b [out].
struct DenseLayer {
  int in = 0, out = 0;
  std::vector<float> weight, bias;
};

/// action = task.max_action * tanh(L2(relu(L1(relu(L0(obs)))))), in the task's units on both ends.
struct ExportedPolicy {
  const env::EnvironmentInfo& task;
  std::array<DenseLayer, 3> layers;

  int hidden() const { return layers[0].out; }
};

/// `policy` must have the task's numbers of observations and actions. The values are those of the
/// file, rounded to float.
ExportedPolicy exported_policy(const files::Policy& policy, const env::EnvironmentInfo& task);

}  // namespace sac::exporting
