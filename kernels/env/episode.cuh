// One evaluated episode: from its start state to its end, with the policy's mean action.
#pragma once

#include <cuda_runtime.h>

#include "kernels/device_state.h"
#include "kernels/env/environment.h"
#include "kernels/random.h"

namespace sac::env {

/// Does the agent play these episodes?
__device__ inline bool plays(const EpisodeResults& results, int agent) {
  return results.plays == nullptr || results.plays[agent] != 0;
}

template <template <class> class E>
struct Episode {
  using Environment = E<float>;

  typename Environment::State state;
  double total = 0;  ///< the return so far
  int length = 0;    ///< steps so far
  bool playing = true;

  /// The start state of the agent's episode number `index`.
  __device__ void start(const EpisodeResults& results, int agent, int index) {
    ResetDraws<float> draws({results.seed + agent}, results.purpose, index, results.number);
    state = Environment::reset(draws);
  }

  /// One step, given the policy's heads: means first.
  __device__ void step(const float* policy_output, float max_action) {
    constexpr EnvironmentInfo kInfo = Environment::info;
    float action[kInfo.act];
    for (int a = 0; a < kInfo.act; ++a) action[a] = max_action * tanhf(policy_output[a]);
    const Outcome<float> outcome = Environment::step(state, action);
    total += outcome.reward;
    ++length;
    playing = !episode_end(outcome.terminated, length, kInfo.time_limit).ended();
  }
};

}  // namespace sac::env
