// How a learner's memory begins, whichever kernels it trains with. Every launcher is asynchronous
// on the stream, may be captured into a graph, and throws CudaError if the launch fails. All agents
// take part.
#pragma once

#include <cuda_runtime.h>

#include "kernels/device_state.h"

namespace sac {

/// Initial parameters from each agent's key, and their copies. Adam's moments are the host's to
/// clear.
void launch_initialise(const DeviceState& d, cudaStream_t stream);

/// After somebody else has written the parameters: the copies in bf16 anew, where they are kept.
void launch_copy_weights(const DeviceState& d, cudaStream_t stream);

/// Start states and clocks of all environments.
void launch_start_environments(const DeviceState& d, cudaStream_t stream);

}  // namespace sac
