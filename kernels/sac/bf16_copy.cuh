// Keeping the copies of W2 in bf16 up to date with the master weights.
#pragma once

#include <cuda_runtime.h>

#include "kernels/device_state.h"
#include "kernels/gpu/tensor_core.cuh"

namespace sac {

/// Writes elements [at, at + 4) of the copy of network n's W2.
__device__ inline void copy_w2(const DeviceState& d, const W2Copies& copies, int agent, Network n,
                               size_t at, const Vector4& w) {
  store_bf16(copies.base + W2Copies::offset(d.shape, agent, n) + at, w);
}

}  // namespace sac
