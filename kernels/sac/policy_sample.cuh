// The policy's heads as a tanh-Gaussian, one action dimension at a time. `heads` is a row's output:
// A means, then A log-stds, not yet clamped.
#pragma once

#include <cuda_runtime.h>

#include "kernels/device_state.h"
#include "kernels/env/environment.h"
#include "kernels/sac/tanh_gaussian.h"

namespace sac {

__device__ inline TanhGaussianSample<float> policy_sample(const AgentControl& control,
                                                          const float* heads, int act, int a,
                                                          float noise) {
  const float log_std = clip(heads[act + a], control.log_std_low, control.log_std_high);
  return tanh_gaussian_sample(heads[a], log_std, noise, control.max_action);
}

/// Gradient by the heads of weight * (log-prob - Q), given dQ/da; none for a clamped log-std.
__device__ inline TanhGaussianGradient<float> heads_gradient(
    const AgentControl& control, const float* heads, int act, int a,
    const TanhGaussianSample<float>& sample, float action_gradient, float weight) {
  const float raw = heads[act + a];
  const bool clamped = raw < control.log_std_low || raw > control.log_std_high;
  TanhGaussianGradient<float> g =
      tanh_gaussian_gradient(sample, -action_gradient, weight, control.max_action);
  if (clamped) g.log_std = 0;
  return g;
}

}  // namespace sac
