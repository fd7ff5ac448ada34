// The copies of W2 in bf16 that Precision::bf16 multiplies with: made from the master weights once,
// then kept by wave 2.
#pragma once

#include <cuda_runtime.h>

#include "kernels/device_state.h"
#include "kernels/tensor_core.cuh"

namespace sac {

/// Writes elements [at, at + 4) of the copy of network n's W2.
__device__ inline void copy_w2(const DeviceState& d, int agent, Network n, size_t at,
                               const Vector4& w) {
  store_bf16(d.w2_bf16 + w2_bf16_offset(d.shape, agent, n) + at, w);
}

/// Grid: x covers all networks' W2, four elements a thread, y = agents.
__device__ inline void copy_weights_body(const DeviceState& d) {
  const int agent = static_cast<int>(blockIdx.y);
  const size_t size = static_cast<size_t>(d.shape.hidden) * static_cast<size_t>(d.shape.hidden);
  const size_t element = 4 * (static_cast<size_t>(blockIdx.x) * blockDim.x + threadIdx.x);
  if (element >= kNetworks * size) return;
  const Network n = static_cast<Network>(element / size);
  const float* parameters = d.parameters + static_cast<size_t>(agent) * d.parameter_stride;
  const size_t at = element % size;
  copy_w2(d, agent, n, at, load<4>(&parameters[d.networks[static_cast<int>(n)].w2 + at]));
}

}  // namespace sac
