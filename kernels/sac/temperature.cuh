// The temperature of the gradients kernels.
#pragma once

#include <cuda_runtime.h>

#include "kernels/device_state.h"

namespace sac {

/// Where an agent's vector has log_alpha; sac_v2.
__device__ inline size_t log_alpha_offset(const DeviceState& d) {
  return d.networks[kNetworks - 1].end;
}

/// The temperature of the parameters as they are: 1 in sac_v1, where the reward's scale stands for
/// it. The update, which changes them, has control.next.alpha.
__device__ inline float temperature(const DeviceState& d, int agent) {
  if (d.shape.algorithm == Algorithm::sac_v1) return 1;
  return expf(d.parameters[agent * d.parameter_stride + log_alpha_offset(d)]);
}

}  // namespace sac
