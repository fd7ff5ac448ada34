// InvertedPendulum-v5 (Gymnasium on MuJoCo 3.3.8): keep the pole upright.
//
// Classical Runge-Kutta, two steps of 20 ms under one action. The slider's ends are MuJoCo's soft
// constraint at every stage. The hinge's stops at a right angle are left out:
// an episode ends long before.
#pragma once

#include <cmath>

#include "kernels/env/cartpole.h"
#include "kernels/env/mujoco_slider.h"

namespace sac::env {

template <class T>
struct InvertedPendulumV5 {
  using State = CartPoleState<T>;

  static constexpr EnvironmentInfo info{.id = "InvertedPendulum-v5",
                                        .state_names = "x,vx,theta,theta_dot",
                                        .obs_names = "x,theta,vx,theta_dot",
                                        .act_names = "force",
                                        .state = 4,
                                        .obs = 4,
                                        .act = 1,
                                        .time_limit = 1000,
                                        .step_seconds = 0.04,
                                        .max_action = 3,
                                        .max_obs = {kNoBound, kNoBound, kNoBound, kNoBound},
                                        .largest_reward = 1,
                                        .solved_at = 950,
                                        .solved_episodes = 64};

  SAC_HD static State reset(ResetDraws<T>& draws) {
    State s;
    for (T* value : {&s.x, &s.vx, &s.theta, &s.theta_dot}) {
      *value = draws.uniform(T(-0.01), T(0.01));
    }
    return s;
  }

  /// Reward 1, and 0 on the terminating step.
  SAC_HD static Outcome<T> step(State& s, const T* action) {
    using std::abs;
    const T motor = 100 * clip<T>(action[0], -3, 3);
    runge_kutta(s, motor);
    runge_kutta(s, motor);
    const bool terminated = abs(s.theta) > T(0.2) || !finite(s);
    return {T(terminated ? 0 : 1), terminated};
  }

  SAC_HD static void observe(const State& s, T* obs) {
    obs[0] = s.x;
    obs[1] = s.theta;
    obs[2] = s.vx;
    obs[3] = s.theta_dot;
  }

 private:
  static constexpr T kDt = T(0.02);

  SAC_HD static constexpr CartPole<T> cart_pole() {
    return {.total_mass = T(15.490567153329284),
            .pole_mass = T(5.018591641363306),
            .a = T(0.0005),
            .b = T(0.3),
            .inertia = T(0.6404242692436963),
            .gravity = T(9.81)};
  }

  SAC_HD static constexpr MujocoSlider<T> slider() {
    return {.margin = 0,
            .damping = T(52.631578947368425),
            .stiffness = T(692.5207756232687),
            .weight = T(0.08367433805859587)};
  }

  SAC_HD static bool finite(const State& s) {
    using std::isfinite;
    return isfinite(s.x) && isfinite(s.vx) && isfinite(s.theta) && isfinite(s.theta_dot);
  }

  /// s + h * slope.
  SAC_HD static State moved(const State& s, T h, const State& slope) {
    return {s.x + h * slope.x, s.vx + h * slope.vx, s.theta + h * slope.theta,
            s.theta_dot + h * slope.theta_dot};
  }

  SAC_HD static void runge_kutta(State& s, T motor) {
    const State k1 = slope(s, motor);
    const State k2 = slope(moved(s, kDt / 2, k1), motor);
    const State k3 = slope(moved(s, kDt / 2, k2), motor);
    const State k4 = slope(moved(s, kDt, k3), motor);
    s = moved(s, kDt / 6, moved(moved(k1, 2, moved(k2, 1, k3)), 1, k4));
  }

  /// The time derivative of the state.
  SAC_HD static State slope(const State& s, T motor) {
    const CartPole<T> body = cart_pole();
    const CartPolePose<T> pose = cart_pole_pose(body, s.theta);
    CartPoleAcceleration<T> a =
        cart_pole_acceleration(body, pose, s.theta_dot, motor - s.vx, -s.theta_dot);
    const T force = slider_force(slider(), s.x, s.vx, a.x, pose.slider);
    a.x += pose.slider * force;
    a.theta += pose.cross * force;
    return {s.vx, a.x, s.theta_dot, a.theta};
  }
};

}  // namespace sac::env
