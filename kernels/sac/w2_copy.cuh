// Keeping the rounded copies of W2 up to date with the master weights.
#pragma once

#include <cuda_runtime.h>

#include "kernels/device_state.h"
#include "kernels/gpu/tensor_core.cuh"

namespace sac {

/// Writes elements [at, at + 4) of the copy of network n's W2; `at` is a multiple of 4. Nothing in
/// fp32, which has no copies.
__device__ inline void copy_w2(const DeviceState& d, const W2Copies& copies, Precision precision,
                               int agent, Network n, size_t at, const Vector4& w) {
  const size_t element = W2Copies::offset(d.shape, agent, n) + at;
  if (precision == Precision::bf16) {
    store_bf16(static_cast<uint16_t*>(copies.base) + element, w);
  } else if (precision == Precision::tf32) {
    store(static_cast<float*>(copies.base) + element, to_tf32(w));
  }
}

}  // namespace sac
