// The copies of W2 in bf16 that Precision::bf16 multiplies with: made from the master weights once,
// then kept by the update.
#pragma once

#include <cuda_runtime.h>

#include "kernels/device_state.h"
#include "kernels/gpu/tensor_core.cuh"

namespace sac {

/// Writes elements [at, at + 4) of the copy of network n's W2.
__device__ inline void copy_w2(const DeviceState& d, int agent, Network n, size_t at,
                               const Vector4& w) {
  store_bf16(d.w2_bf16 + w2_bf16_offset(d.shape, agent, n) + at, w);
}

}  // namespace sac
