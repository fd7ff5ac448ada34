// InvertedDoublePendulum-v5 (Gymnasium on MuJoCo 3.3.8): balance two poles, one on top of the
// other.
//
// Classical Runge-Kutta, five steps of 10 ms under one action, with the slider's soft ends at every
// stage. MuJoCo keeps what the last stage computed: from there come the tip's place in the reward
// and the slider's force in the observation.
#pragma once

#include "kernels/env/double_cartpole.h"
#include "kernels/env/mujoco_slider.h"

namespace sac::env {

template <class T>
struct InvertedDoublePendulumV5 {
  using Motion = DoubleCartPoleState<T>;

  struct State {
    Motion motion;
    T slider_force;  ///< of the slider's end on the cart, at the last stage of the step before
  };

  static constexpr EnvironmentInfo info{
      .id = "InvertedDoublePendulum-v5",
      .state_names = "x,theta1,theta2,vx,omega1,omega2",
      .obs_names = "x,sin_theta1,sin_theta2,cos_theta1,cos_theta2,vx,omega1,omega2,slider_force",
      .act_names = "force",
      .state = 7,
      .obs = 9,
      .act = 1,
      .time_limit = 1000,
      .step_seconds = 0.05,
      .max_action = 1,
      .max_obs = {kNoBound, 1, 1, 1, 1, 10, 10, 10, 10},
      .largest_reward = 10,
      .solved_at = 9100,
      .solved_episodes = 64};

  SAC_HD static State reset(ResetDraws<T>& draws) {
    State s{};
    Motion& m = s.motion;
    for (T* place : {&m.x, &m.theta1, &m.theta2}) *place = draws.uniform(T(-0.1), T(0.1));
    const NormalPair<T> speeds = normals(draws);
    m.vx = T(0.1) * speeds.first;
    m.omega1 = T(0.1) * speeds.second;
    m.omega2 = T(0.1) * normals(draws).first;
    return s;
  }

  /// Reward 10, and 0 on the terminating step, less what the tip's height lacks to 2, squared, a
  /// hundredth of its x squared, and a little for the poles' speeds.
  SAC_HD static Outcome<T> step(State& s, const T* action) {
    const T motor = 500 * clip<T>(action[0], -1, 1);
    PolePoint<T> tip;
// A loop over lanes around this one becomes vectors if nothing is left of this one.
#if defined(__CUDA_ARCH__)
#pragma unroll 1
#elif !defined(__CUDACC__)
#pragma GCC unroll 5
#endif
    for (int i = 0; i < kSubsteps; ++i) tip = runge_kutta(s, motor);
    const Motion& m = s.motion;
    const bool terminated = !(tip.y > 1);
    const T off = T(0.01) * tip.x * tip.x + (tip.y - 2) * (tip.y - 2);
    const T fast = T(1e-3) * m.omega1 * m.omega1 + T(5e-3) * m.omega2 * m.omega2;
    return {(terminated ? T(0) : T(10)) - off - fast, terminated};
  }

  SAC_HD static void observe(const State& s, T* obs) {
    const Motion& m = s.motion;
    const SinCos<T> first = sin_cos(m.theta1), bend = sin_cos(m.theta2);
    obs[0] = m.x;
    obs[1] = first.sin;
    obs[2] = bend.sin;
    obs[3] = first.cos;
    obs[4] = bend.cos;
    obs[5] = clip<T>(m.vx, -10, 10);
    obs[6] = clip<T>(m.omega1, -10, 10);
    obs[7] = clip<T>(m.omega2, -10, 10);
    obs[8] = clip<T>(s.slider_force, -10, 10);
  }

 private:
  static constexpr int kSubsteps = 5;
  static constexpr T kDt = T(0.01);

  SAC_HD static constexpr DoubleCartPole<T> cart_and_poles() {
    return {.total_mass = T(18.869452675011495),
            .c1 = T(3.778864723370482),
            .c2 = T(1.2596215744568275),
            .c3 = T(0.7557729446740965),
            .inertia1 = T(2.0444030314354036),
            .inertia2 = T(0.5328571420872106),
            .gravity = T(9.81),
            .length = T(0.6),
            .to_centre = T(0.3)};
  }

  SAC_HD static constexpr MujocoSlider<T> slider() {
    return {.margin = T(0.01),
            .damping = T(105.26315789473685),
            .stiffness = T(2770.083102493075),
            .weight = T(0.08467261918769677)};
  }

  SAC_HD static NormalPair<T> normals(ResetDraws<T>& draws) {
    const T u1 = draws.uniform(0, 1);
    return box_muller<T>(u1, draws.uniform(0, 1));
  }

  /// m + h * slope.
  SAC_HD static Motion moved(const Motion& m, T h, const Motion& slope) {
    return {m.x + h * slope.x,   m.theta1 + h * slope.theta1, m.theta2 + h * slope.theta2,
            m.vx + h * slope.vx, m.omega1 + h * slope.omega1, m.omega2 + h * slope.omega2};
  }

  /// One stage: the time derivative of the state, and what MuJoCo keeps.
  struct Stage {
    Motion slope;
    T slider_force;
    PolePoint<T> tip;
  };

  /// Returns pole 2's tip at the last stage.
  SAC_HD static PolePoint<T> runge_kutta(State& s, T motor) {
    const Motion& m = s.motion;
    const Motion k1 = stage(m, motor).slope;
    const Motion k2 = stage(moved(m, kDt / 2, k1), motor).slope;
    const Motion k3 = stage(moved(m, kDt / 2, k2), motor).slope;
    const Stage last = stage(moved(m, kDt, k3), motor);
    s.motion = moved(m, kDt / 6, moved(moved(k1, 2, moved(k2, 1, k3)), 1, last.slope));
    s.slider_force = last.slider_force;
    return last.tip;
  }

  SAC_HD static Stage stage(const Motion& m, T motor) {
    constexpr T kDamping = T(0.05), kSidewaysGravity = T(1e-5);
    const DoubleCartPole<T> body = cart_and_poles();
    const DoubleCartPolePose<T> pose = double_cart_pole_pose(body, m.theta1, m.theta2);
    const T torque1 = -kDamping * m.omega1, torque2 = -kDamping * m.omega2;
    auto a =
        double_cart_pole_acceleration<T>(body, pose, m.omega1, m.omega1 + m.omega2,
                                         {motor - kDamping * m.vx, torque1 - torque2, torque2});
    a.x += kSidewaysGravity;
    const T force = slider_force(slider(), m.x, m.vx, a.x, pose.slider.x);
    a.x += pose.slider.x * force;
    a.first += pose.slider.first * force;
    a.second += pose.slider.second * force;
    return {{m.vx, m.omega1, m.omega2, a.x, a.first, a.second - a.first},
            force,
            on_second_pole(m.x, pose.first, pose.second, body.length, body.length)};
  }
};

}  // namespace sac::env
