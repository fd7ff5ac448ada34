// Pendulum-v1 (Gymnasium, classic control): swing a torque-limited pole up and hold it.
// Source: gymnasium/envs/classic_control/pendulum.py, as stated in its equations.
#pragma once

#include <cmath>

#include "kernels/env/environment.h"
#include "kernels/math.h"

namespace sac::env {

template <class T>
struct PendulumV1 {
  static constexpr EnvironmentInfo info{.id = "Pendulum-v1",
                                        .state_names = "theta,theta_dot",
                                        .obs_names = "cos_theta,sin_theta,theta_dot",
                                        .act_names = "torque",
                                        .state = 2,
                                        .obs = 3,
                                        .act = 1,
                                        .time_limit = 200,
                                        .step_seconds = 0.05,
                                        .max_action = 2,
                                        .max_obs = {1, 1, 8},
                                        .largest_reward = 16.3,
                                        .solved_at = -200,
                                        .solved_episodes = 100};

  struct State {
    T theta;      ///< rad, 0 is upright, unwrapped
    T theta_dot;  ///< rad/s
  };

  SAC_HD static State reset(ResetDraws<T>& draws) {
    const T theta = draws.uniform(-kPi, kPi);
    return {theta, draws.uniform(-1, 1)};
  }

  /// The reward is that of the state before the step. Never terminates.
  SAC_HD static Outcome<T> step(State& s, const T* action) {
    const T u = clip<T>(action[0], -2, 2);
    const T angle = wrapped(s.theta);
    const T cost = angle * angle + T(0.1) * s.theta_dot * s.theta_dot + T(0.001) * u * u;
    s.theta_dot = clip<T>(s.theta_dot + (15 * sin_cos(s.theta).sin + 3 * u) * kDt, -8, 8);
    s.theta += kDt * s.theta_dot;
    return {-cost, false};
  }

  SAC_HD static void observe(const State& s, T* obs) {
    const SinCos<T> angle = sin_cos(s.theta);
    obs[0] = angle.cos;
    obs[1] = angle.sin;
    obs[2] = s.theta_dot;
  }

 private:
  static constexpr T kPi = T(3.14159265358979323846);
  static constexpr T kDt = T(0.05);

  /// theta in [-pi, pi).
  SAC_HD static T wrapped(T theta) {
    using std::floor;
    return theta - 2 * kPi * floor((theta + kPi) / (2 * kPi));
  }
};

}  // namespace sac::env
