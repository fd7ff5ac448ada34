// The policy's heads as a tanh-Gaussian, one action dimension at a time. `heads` is a row's output:
// A means, then A log-stds, not yet clamped.
#pragma once

#include <cuda_runtime.h>

#include "kernels/device_state.h"
#include "kernels/sac/tanh_gaussian.h"

namespace sac {

__device__ inline TanhGaussianSample<float> policy_sample(const AgentControl& control,
                                                          const float* heads, int act, int a,
                                                          float noise) {
  const float log_std = clamp_log_std(heads[act + a], control.log_std_low, control.log_std_high);
  return tanh_gaussian_sample(heads[a], log_std, noise, control.max_action);
}

/// Gradient of weight * (alpha log-prob - Q) with respect to the heads, given dQ/da.
__device__ inline TanhGaussianGradient<float> heads_gradient(
    const AgentControl& control, const float* heads, int act, int a,
    const TanhGaussianSample<float>& sample, float action_gradient, float weight, float alpha) {
  TanhGaussianGradient<float> g =
      tanh_gaussian_gradient(sample, -action_gradient, weight, alpha, control.max_action);
  g.log_std =
      unclamped_gradient(g.log_std, heads[act + a], control.log_std_low, control.log_std_high);
  return g;
}

}  // namespace sac
