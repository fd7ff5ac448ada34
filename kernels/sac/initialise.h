// How a learner's memory begins, whichever kernels it trains with. Every launcher is asynchronous
// on the stream, may be captured into a graph, and throws CudaError if the launch fails. All agents
// take part.
#pragma once

#include <cuda_runtime.h>

#include "kernels/device_state.h"

namespace sac {

/// Initial networks from each agent's key. Adam's moments are the host's to clear and log_alpha the
/// host's to set, the copies of W2 are the caller's to make.
void launch_initialise(const DeviceState& d, cudaStream_t stream);

/// After somebody else than the update has written the parameters: the copies of W2 anew, where
/// there are any.
void launch_copy_weights(const DeviceState& d, const W2Copies& copies, cudaStream_t stream);

/// Start states and clocks of all environments.
void launch_start_environments(const DeviceState& d, cudaStream_t stream);

/// What device 0 makes of this build's kernels, which are all compiled for the same GPUs: one
/// kernel's attributes, or an error where there is no code that the device can run.
cudaError_t find_code(cudaFuncAttributes& attributes);

}  // namespace sac
