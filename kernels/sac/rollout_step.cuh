// One environment's part of a rollout step: its action, its physics, its record.
#pragma once

#include <cuda_runtime.h>

#include "kernels/env/environment_slot.cuh"
#include "kernels/sac/policy_sample.cuh"

namespace sac {

/// The replay's records of an environment's transitions.
template <template <class> class E>
inline constexpr RecordLayout record_of = record_layout({E<float>::info.obs, E<float>::info.act,
                                                         0});

/// The action of one dimension: uniform during warm-up, else a sample of the policy.
template <template <class> class E>
__device__ float rollout_action(const AgentControl& control, const float* policy_output, int a,
                                const env::EnvironmentSlot<E>& e, bool warm_up) {
  constexpr int kAct = E<float>::info.act;
  const uint32_t element = static_cast<uint32_t>(e.index) * kAct + a;
  if (warm_up) {
    const uint32_t word = random_word({control.key}, Purpose::warm_up, element, e.vector_step);
    return control.max_action * (2 * uniform01<float>(word) - 1);
  }
  const float noise = random_normal<float>({control.key}, Purpose::explore, element, e.vector_step);
  return policy_sample(control, policy_output, kAct, a, noise).action;
}

/// The environment's step: completes the record, which has its action, and resets where the episode
/// ended.
template <template <class> class E>
__device__ void rollout_step(const AgentControl& control, env::EnvironmentSlot<E>& e,
                             float* record) {
  constexpr RecordLayout kRecord = record_of<E>;
  const env::Outcome<float> outcome = E<float>::step(e.state, record + kRecord.action);
  record[kRecord.reward] = outcome.reward;
  record[kRecord.terminated] = outcome.terminated ? 1.0f : 0.0f;
  E<float>::observe(e.state, record + kRecord.next_obs);
  e.episode_return += outcome.reward;
  ++e.episode_steps;
  ++e.vector_step;
  if (env::episode_end(outcome.terminated, e.episode_steps, E<float>::info.time_limit).ended()) {
    e.restart(control.key);
  }
}

}  // namespace sac
