// What the host calls of the unfused path besides matrix products. As in kernels/fused/launch.h,
// launchers are asynchronous on the stream, may be captured, and throw CudaError if the launch
// fails; all agents take part.
#pragma once

#include <cuda_runtime.h>

#include "kernels/device_state.h"
#include "kernels/unfused/matrix.h"
#include "kernels/unfused/scratch.h"

namespace sac::unfused {

// Layers.

/// z[r, j] = z[r, j] + bias[j], and relu of that if asked for. `bias` is one row.
void launch_add_bias(const AgentMatrix& z, const AgentMatrix& bias, bool relu, int agents,
                     cudaStream_t stream);

/// gradient[r, j] = 0 where h[r, j], what came out of a ReLU, is not above 0.
void launch_mask(const AgentMatrix& gradient, const AgentMatrix& h, int agents,
                 cudaStream_t stream);

// A gradient step, in this order; products stand between them. Agents with less than a batch in
// their replay draw nothing, and their parameters, moments, losses and clock stay as they are.

/// The batch's rows into q_input, next_obs and row_values, and the clock's next value.
void launch_gather(const DeviceState& d, const GivenBatch& given, const Scratch& u,
                   cudaStream_t stream);

/// policy_output to both samples: their actions in q_input, log-probs, eq. 12's samples.
void launch_sample(const DeviceState& d, const GivenBatch& given, const Scratch& u,
                   cudaStream_t stream);

/// The soft value, and output_gradient of V and both Qs; in the policy's rows 1 through the smaller
/// Q, 0 through the other.
void launch_value_gradients(const DeviceState& d, const Scratch& u, cudaStream_t stream);

/// action_gradient to the policy's output_gradient.
void launch_policy_gradient(const DeviceState& d, const Scratch& u, cudaStream_t stream);

/// What is summed over the batch without a product: the biases' gradients and the losses. Here and
/// at the weights' products d.gradients must not be null. launch_optimise (kernels/sac/optimise.h)
/// makes the step.
void launch_batch_sums(const DeviceState& d, const Scratch& u, cudaStream_t stream);

// A rollout step: the policy runs between the two.

/// Every environment's observation into obs [envs, O].
void launch_observe(const DeviceState& d, const AgentMatrix& obs, cudaStream_t stream);

/// One step of every environment into the replay; warm-up acts uniformly and reads no policy_output
/// [envs, 2A].
void launch_act(const DeviceState& d, const AgentMatrix& policy_output, bool warm_up,
                cudaStream_t stream);

// Evaluation: a start, then the policy and a step in turn until no episode is playing.

/// Episodes that are under way, in device memory.
struct PlayedEpisodes {
  float* state = nullptr;     ///< [P, scalars of State, episodes]
  int* playing = nullptr;     ///< [P, episodes]: 0 or 1
  AgentMatrix obs;            ///< [episodes, O]
  AgentMatrix policy_output;  ///< [episodes, 2A]
};

void launch_start_episodes(const DeviceState& d, const EpisodeResults& results,
                           const PlayedEpisodes& played, cudaStream_t stream);

/// A step of every episode that is still playing; returns and lengths are up to date after each.
void launch_step_episodes(const DeviceState& d, const EpisodeResults& results,
                          const PlayedEpisodes& played, cudaStream_t stream);

}  // namespace sac::unfused
