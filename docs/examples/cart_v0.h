// Cart-v0: a cart on a rail, to be driven to its middle and kept there. Mass 1, no friction.
#pragma once

#include <cmath>

#include "kernels/env/environment.h"
#include "kernels/math.h"

namespace sac::env {

template <class T>
struct CartV0 {
  static constexpr EnvironmentInfo info{.id = "Cart-v0",
                                        .state_names = "x,vx",
                                        .obs_names = "x,vx",
                                        .act_names = "force",
                                        .state = 2,
                                        .obs = 2,
                                        .act = 1,
                                        .time_limit = 200,
                                        .step_seconds = 0.05,
                                        .max_action = 1,
                                        .max_obs = {kNoBound, kNoBound},
                                        .largest_reward = 1,
                                        .solved_at = 190,
                                        .solved_episodes = 64};

  struct State {
    T x;   ///< m
    T vx;  ///< m/s
  };

  SAC_HD static State reset(ResetDraws<T>& draws) { return {draws.uniform(-1, 1), 0}; }

  /// Reward 1 in the middle and 0 at the ends of the rail, beyond which the episode terminates.
  SAC_HD static Outcome<T> step(State& s, const T* action) {
    using std::abs;
    s.vx += kDt * clip<T>(action[0], -1, 1);
    s.x += kDt * s.vx;
    const bool terminated = abs(s.x) > 2;
    return {terminated ? T(0) : 1 - abs(s.x) / 2, terminated};
  }

  SAC_HD static void observe(const State& s, T* obs) {
    obs[0] = s.x;
    obs[1] = s.vx;
  }

 private:
  static constexpr T kDt = T(0.05);
};

}  // namespace sac::env
