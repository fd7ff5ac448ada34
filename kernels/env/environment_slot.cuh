// One environment of one agent: in its thread's registers while it is played, in global memory
// between launches.
#pragma once

#include <cuda_runtime.h>

#include <cmath>
#include <cstring>

#include "kernels/device_state.h"
#include "kernels/env/environment.h"
#include "kernels/random.h"

namespace sac::env {

/// The scalars of the states lie in rows of `envs`, one row per scalar, so that neighbouring
/// threads read neighbouring floats.
template <template <class> class E>
class EnvironmentSlot {
  using Environment = E<float>;
  using State = typename Environment::State;
  static constexpr int kState = Environment::info.state;
  static constexpr int kTimeLimit = Environment::info.time_limit;
  static_assert(sizeof(State) == kState * sizeof(float), "a state is its scalars and no more");

 public:
  __device__ EnvironmentSlot(const DeviceState& d, int agent, uint64_t environment)
      : index(environment),
        scalars_(d.environment_state + static_cast<size_t>(agent) * kState * d.envs + environment),
        stride_(d.envs),
        episode_steps_(d.episode_steps + agent * d.envs + environment),
        vector_step_(d.vector_step + agent * d.envs + environment),
        episode_return_(d.episode_returns + 2 * agent * d.envs + environment),
        staggered_(staggers_time_limits(d.envs, d.capacity, kTimeLimit)) {}

  __device__ void load() {
    float packed[kState];
    for (int i = 0; i < kState; ++i) packed[i] = scalars_[i * stride_];
    memcpy(&state, packed, sizeof(State));
    episode_steps = *episode_steps_;
    vector_step = *vector_step_;
    episode_return = *episode_return_;
  }

  __device__ void save() const {
    float packed[kState];
    memcpy(packed, &state, sizeof(State));
    for (int i = 0; i < kState; ++i) scalars_[i * stride_] = packed[i];
    *episode_steps_ = episode_steps;
    *vector_step_ = vector_step;
    *episode_return_ = episode_return;
  }

  /// The first episode, from vector step 0 on.
  __device__ void start(uint64_t key) {
    vector_step = 0;
    draw_start_state(key);
    episode_steps = staggered_ ? staggered_start(index, stride_, kTimeLimit) : 0;
    episode_return = 0;
    *last_return() = NAN;
  }

  /// The next episode, from the present vector step on.
  __device__ void restart(uint64_t key) {
    draw_start_state(key);
    *last_return() = episode_return;
    episode_return = 0;
    if (!staggered_ || episode_steps >= kTimeLimit) episode_steps = 0;
  }

  const uint64_t index;  ///< of the environment within its agent
  State state;
  int episode_steps;     ///< since the episode's start; staggered: since the last time limit
  uint64_t vector_step;  ///< this environment's steps so far
  float episode_return;  ///< since the episode's start

 private:
  __device__ float* last_return() const { return episode_return_ + stride_; }

  __device__ void draw_start_state(uint64_t key) {
    ResetDraws<float> draws({key}, Purpose::reset, index, vector_step);
    state = Environment::reset(draws);
  }

  float* const scalars_;
  const uint64_t stride_;
  int* const episode_steps_;
  uint64_t* const vector_step_;
  float* const episode_return_;
  const bool staggered_;
};

}  // namespace sac::env
