// The inverted double pendulum as PyBullet simulates it (double precision, Bullet 3.24): balance
// two poles, one on top of the other.
//
// Steps, damping and slider ends are those of bullet_pendulum.h. PyBullet reads pole 2's place
// before it moves the poles: what observation, reward and termination see of it is one step late.
#pragma once

#include <cmath>

#include "kernels/env/cartpole.h"
#include "kernels/env/double_cartpole.h"

namespace sac::env {

template <class T>
struct InvertedDoublePendulumBullet {
  using State = DoubleCartPoleState<T>;

  static constexpr EnvironmentInfo info{
      .id = "InvertedDoublePendulumBulletEnv-v0",
      .state_names = "x,theta1,theta2,vx,omega1,omega2",
      .obs_names = "x,vx,late_x2,cos_theta1,sin_theta1,omega1,cos_theta2,sin_theta2,omega2",
      .act_names = "force",
      .state = 6,
      .obs = 9,
      .act = 1,
      .time_limit = 1000,
      .step_seconds = 0.0165,
      .max_action = 1,
      .max_obs = {kNoBound, kNoBound, kNoBound, 1, 1, kNoBound, 1, 1, kNoBound},
      .largest_reward = 10,
      .solved_at = 9100,
      .solved_episodes = 64};

  SAC_HD static State reset(ResetDraws<T>& draws) {
    State s{};
    s.theta1 = draws.uniform(T(-0.1), T(0.1));
    s.theta2 = draws.uniform(T(-0.1), T(0.1));
    return s;
  }

  /// Reward 10 less what the height of pole 2's end lacks to 2, squared, and a hundredth of its x
  /// squared; all of it before the step.
  SAC_HD static Outcome<T> step(State& s, const T* action) {
    const DoubleCartPole<T> body = cart_and_poles();
    const DoubleCartPolePose<T> pose = double_cart_pole_pose(body, s.theta1, s.theta2);
    const PolePoint<T> centre =
        on_second_pole(s.x, pose.first, pose.second, body.length, body.to_centre);
    advance(body, pose, s, 200 * clip<T>(action[0], -1, 1));
    const T height = centre.y + T(0.3);
    return {10 - T(0.01) * centre.x * centre.x - (height - 2) * (height - 2), !(height > 1)};
  }

  /// The centre of pole 2 one step ago follows from the state: a step ends with x + dt vx, and an
  /// episode starts at rest.
  SAC_HD static void observe(const State& s, T* obs) {
    const DoubleCartPole<T> body = cart_and_poles();
    const SinCos<T> first = sin_cos(s.theta1), bend = sin_cos(s.theta2);
    const SinCos<T> late_first = sin_cos(s.theta1 - kDt * s.omega1);
    const SinCos<T> late_bend = sin_cos(s.theta2 - kDt * s.omega2);
    const PolePoint<T> centre = on_second_pole(
        s.x - kDt * s.vx, late_first, absolute(late_first, late_bend), body.length, body.to_centre);
    obs[0] = s.x;
    obs[1] = s.vx;
    obs[2] = centre.x;
    obs[3] = first.cos;
    obs[4] = first.sin;
    obs[5] = s.omega1;
    obs[6] = bend.cos;
    obs[7] = bend.sin;
    obs[8] = s.omega2;
  }

 private:
  using Load = OnCartAndPoles<T>;
  using Pose = DoubleCartPolePose<T>;

  static constexpr T kDt = T(0.0165);
  static constexpr T kDamping = T(0.03999999910593033);
  static constexpr T kCartMass = T(10.471975980099771);
  static constexpr T kPoleMass = T(4.198739082051421);
  static constexpr T kPoleInertia = T(0.217564678634353);  ///< about its centre of mass

  SAC_HD static constexpr DoubleCartPole<T> cart_and_poles() {
    return {.total_mass = T(18.869454144202614),
            .c1 = T(3.77886532400489),
            .c2 = T(1.2596217746682967),
            .c3 = T(0.7557730948327014),
            .inertia1 = T(2.1069974157161067),
            .inertia2 = T(0.5954512260507037),
            .gravity = T(9.8),
            .length = T(0.6000000238418579),
            .to_centre = T(0.30000001192092896)};
  }

  SAC_HD static void advance(const DoubleCartPole<T>& body, const Pose& pose, State& s, T motor) {
    const T w1 = s.omega1, w2 = s.omega1 + s.omega2;
    Load load = damping(body, pose, s.vx, w1, w2);
    load.x += motor;
    const auto a = double_cart_pole_acceleration(body, pose, w1, w2, load);
    s.vx = clip<T>(s.vx + kDt * a.x, -100, 100);
    s.omega1 = clip<T>(s.omega1 + kDt * a.first, -100, 100);
    s.omega2 = clip<T>(s.omega2 + kDt * (a.second - a.first), -100, 100);
    stop_at_slider_end(pose, s);
    s.x += kDt * s.vx;
    s.theta1 += kDt * s.omega1;
    s.theta2 += kDt * s.omega2;
  }

  /// Every body's speed and spin are damped, linearly and quadratically; the poles' at their
  /// centres of mass.
  SAC_HD static Load damping(const DoubleCartPole<T>& body, const Pose& pose, T vx, T w1, T w2) {
    using std::abs, std::sqrt;
    const T b = body.to_centre, l = body.length;
    const T v1x = vx + b * pose.first.cos * w1, v1y = -b * pose.first.sin * w1;
    const T v2x = vx + l * pose.first.cos * w1 + b * pose.second.cos * w2;
    const T v2y = -l * pose.first.sin * w1 - b * pose.second.sin * w2;
    const T cart = -kCartMass * kDamping * (1 + abs(vx));
    const T drag1 = -kPoleMass * kDamping * (1 + sqrt(v1x * v1x + v1y * v1y));
    const T drag2 = -kPoleMass * kDamping * (1 + sqrt(v2x * v2x + v2y * v2y));
    const T spin1 = -kPoleInertia * kDamping * (1 + abs(w1));
    const T spin2 = -kPoleInertia * kDamping * (1 + abs(w2));
    return {cart * vx + drag1 * v1x + drag2 * v2x,
            spin1 * w1 + drag1 * b * (pose.first.cos * v1x - pose.first.sin * v1y) +
                drag2 * l * (pose.first.cos * v2x - pose.first.sin * v2y),
            spin2 * w2 + drag2 * b * (pose.second.cos * v2x - pose.second.sin * v2y)};
  }

  /// As for one pole (bullet_pendulum.h).
  SAC_HD static void stop_at_slider_end(const Pose& pose, State& s) {
    const SliderEnd<T> end = nearer_slider_end(s.x);
    if (end.gap > 0) return;
    const T target = end.gap > T(-0.04) ? T(-0.2) * end.gap / kDt : T(0);
    const T impulse = clip<T>((target - end.inward * s.vx) / pose.slider.x, 0, 100);
    s.vx += end.inward * pose.slider.x * impulse;
    s.omega1 += end.inward * pose.slider.first * impulse;
    s.omega2 += end.inward * (pose.slider.second - pose.slider.first) * impulse;
  }
};

}  // namespace sac::env
