// The step of gradients that lie in memory: what the unfused path ends with, and every update that
// several processes share.
#pragma once

#include <cuda_runtime.h>

#include "kernels/device_state.h"

namespace sac {

/// Adam for all that learns, the soft update of the targets, the clock, from d.gradients; where
/// they are shared, their losses are noted too. Copies of W2 are the caller's to bring up to date.
/// Asynchronous on the stream, may be captured; throws CudaError if the launch fails.
void launch_optimise(const DeviceState& d, cudaStream_t stream);

}  // namespace sac
