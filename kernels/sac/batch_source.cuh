// Where a gradient step's batch comes from: rows and noise drawn for the step, or given from
// outside; and the clock that the draws are made by.
#pragma once

#include <cuda_runtime.h>

#include "kernels/device_state.h"
#include "kernels/random.h"
#include "kernels/sac/temperature.cuh"

namespace sac {

/// Transitions in the agent's replay. All its environments have made the same number of steps.
__device__ inline uint64_t transitions(const DeviceState& d, int agent) {
  return replay_size(d.vector_step[agent * d.envs], d.envs, d.capacity);
}

/// False while the agent's replay holds less than a batch, and once it is retired: then a gradient
/// step does nothing.
__device__ inline bool learns(const DeviceState& d, const GivenBatch& given, int agent) {
  if (given.records != nullptr) return true;
  return d.control[agent].retired == 0 &&
         transitions(d, agent) >= static_cast<uint64_t>(d.whole_batch);
}

/// The replay slot drawn for row b of this process.
__device__ inline uint32_t sampled_slot(const DeviceState& d, int agent, int b) {
  const AgentControl& control = d.control[agent];
  const uint32_t word =
      random_word({control.key}, Purpose::replay_index, d.first_row + b, control.now.updates);
  return uniform_below(word, static_cast<uint32_t>(transitions(d, agent)));
}

/// The record in a slot of the agent's replay, or that row of the given batch.
__device__ inline const float* batch_record(const DeviceState& d, const GivenBatch& given,
                                            int agent, uint32_t slot) {
  const size_t size = record_layout(d.shape).size;
  if (given.records != nullptr) return given.records + slot * size;
  return d.replay + (agent * d.capacity + slot) * size;
}

/// What the soft value's sample is drawn for: eq. 5's a~ at s, or sac_v2's a' at s'.
SAC_HD constexpr Purpose target_noise(Algorithm a) {
  return a == Algorithm::sac_v1 ? Purpose::value_noise : Purpose::next_noise;
}

/// The standard normal of a dimension of this process's row b for this step; `given` null: drawn.
__device__ inline float batch_noise(const DeviceState& d, const AgentControl& control,
                                    Purpose purpose, const float* given, int b, int dimension) {
  const int act = d.shape.act;
  if (given != nullptr) return given[b * act + dimension];
  const int element = (d.first_row + b) * act + dimension;
  return random_normal<float>({control.key}, purpose, element, control.now.updates);
}

/// The clock after this step, or the same one, marked inactive. One thread per agent.
__device__ inline void advance_clock(const DeviceState& d, int agent, bool active) {
  AgentControl& control = d.control[agent];
  Clock next = control.now;
  next.active = active ? 1 : 0;
  if (active) {
    ++next.updates;
    next.alpha = temperature(d, agent);
    next.beta1_power *= control.beta1;
    next.beta2_power *= control.beta2;
    next.inverse_correction1 = static_cast<float>(1 / (1 - next.beta1_power));
    next.inverse_sqrt_correction2 = static_cast<float>(1 / sqrt(1 - next.beta2_power));
  }
  control.next = next;
}

}  // namespace sac
