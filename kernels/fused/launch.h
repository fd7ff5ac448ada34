// What the host calls of the fused kernels. Every launcher is asynchronous on the stream, may be
// captured into a graph, and throws CudaError if the launch fails. All agents take part.
//
// `copies` are needed at Precision::bf16 and up to date with the parameters; the update keeps them
// so.
#pragma once

#include <cuda_runtime.h>

#include <vector>

#include "kernels/device_state.h"
#include "kernels/fused/scratch.h"
#include "kernels/gpu/occupancy.h"

namespace sac::fused {

/// `steps` vector steps into the replay; warm-up acts uniformly, without the policy. Environments
/// write without waiting for each other: steps * envs must not exceed the capacity.
void launch_rollout(const DeviceState& d, const W2Copies& copies, int steps, bool warm_up,
                    cudaStream_t stream);

/// The first half of a gradient step: the batch, all forwards, all input gradients, from the
/// agents' own replays or, with one agent, from a given batch. Agents with less than a batch in
/// their replay do nothing. `scratch` has the layout of the shape and the batch.
void launch_gradients(const DeviceState& d, const W2Copies& copies, const GivenBatch& given,
                      const Scratch& scratch, cudaStream_t stream);

/// The second half, after launch_gradients: weight gradients, Adam, soft update, losses, the clock.
/// Also writes the gradients if d.gradients is not null; shared, no more than those and the losses.
void launch_update(const DeviceState& d, const W2Copies& copies, const Scratch& scratch,
                   cudaStream_t stream);

/// Whole episodes with the policy's mean action, in fp32. Training state is untouched.
void launch_evaluate(const DeviceState& d, const EpisodeResults& results, cudaStream_t stream);

/// What the fused kernels were written to need, all widths, precisions and environments.
std::vector<KernelBudget> kernel_budgets();

/// The most shared memory, in bytes, that a block of any of these kernels needs.
size_t largest_shared_bytes(int hidden, Precision precision);

}  // namespace sac::fused
