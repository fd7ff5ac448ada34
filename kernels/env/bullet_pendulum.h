// The inverted pendulum as PyBullet simulates it (double precision, Bullet 3.24): balance it, or
// swing it up first.
//
// Semi-implicit Euler, one step of 16.5 ms. Bullet damps every link linearly and quadratically
// and ignores the model's joint damping; the pole's inertia is that of a box around the capsule.
// Neither reward nor termination looks at x, so policies do drift into the slider's ends.
#pragma once

#include <cmath>

#include "kernels/env/cartpole.h"

namespace sac::env {

/// What both tasks share: the physics and the observation.
template <class T>
struct BulletPendulum {
  using State = CartPoleState<T>;

  SAC_HD static void observe(const State& s, T* obs) {
    const SinCos<T> angle = sin_cos(s.theta);
    obs[0] = s.x;
    obs[1] = s.vx;
    obs[2] = angle.cos;
    obs[3] = angle.sin;
    obs[4] = s.theta_dot;
  }

 protected:
  static constexpr EnvironmentInfo task(const char* id, double solved_at) {
    return {.id = id,
            .state_names = "x,vx,theta,theta_dot",
            .obs_names = "x,vx,cos_theta,sin_theta,theta_dot",
            .act_names = "force",
            .state = 4,
            .obs = 5,
            .act = 1,
            .time_limit = 1000,
            .step_seconds = 0.0165,
            .max_action = 1,
            .max_obs = {kNoBound, kNoBound, 1, 1, kNoBound},
            .largest_reward = 1,
            .solved_at = solved_at,
            .solved_episodes = 64};
  }

  /// One step of the physics.
  SAC_HD static void advance(State& s, T action) {
    const CartPole<T> body = cart_pole();
    const CartPolePose<T> pose = cart_pole_pose(body, s.theta);
    const Load load = damped(pose, s, 100 * clip<T>(action, -1, 1));
    const CartPoleAcceleration<T> a =
        cart_pole_acceleration(body, pose, s.theta_dot, load.force, load.torque);
    s.vx = clip<T>(s.vx + kDt * a.x, -100, 100);
    s.theta_dot = clip<T>(s.theta_dot + kDt * a.theta, -100, 100);
    stop_at_slider_end(pose, s);
    s.x += kDt * s.vx;
    s.theta += kDt * s.theta_dot;
  }

 private:
  static constexpr T kDt = T(0.0165);
  static constexpr T kDamping = T(0.03999999910593033);
  static constexpr T kCartMass = T(10.471975980099771);
  static constexpr T kPoleMass = T(5.0185915458104722);
  static constexpr T kPoleInertia = T(0.26653950154827094);        ///< about its centre of mass
  static constexpr T kPoleRadiusSquared = T(0.09000025715258127);  ///< a^2 + b^2

  SAC_HD static constexpr CartPole<T> cart_pole() {
    return {.total_mass = T(15.490567525910244),
            .pole_mass = kPoleMass,
            .a = T(5.0000002374872565e-4),
            .b = T(0.30000001192092896),
            .inertia = T(0.7182140312149838),
            .gravity = T(9.8)};
  }

  struct Load {
    T force, torque;
  };

  /// The motor's force, and the damping of cart and pole.
  SAC_HD static Load damped(const CartPolePose<T>& pose, const State& s, T motor) {
    using std::abs, std::sqrt;
    const T vcx = s.vx + pose.p * s.theta_dot;
    const T vcz = -pose.q * s.theta_dot;
    const T cart_drag = kCartMass * kDamping * (1 + abs(s.vx));
    const T pole_drag = kPoleMass * kDamping * (1 + sqrt(vcx * vcx + vcz * vcz));
    const T spin_drag = kPoleInertia * kDamping * (1 + abs(s.theta_dot));
    return {
        motor - cart_drag * s.vx - pole_drag * vcx,
        -spin_drag * s.theta_dot - pole_drag * (pose.p * s.vx + kPoleRadiusSquared * s.theta_dot)};
  }

  /// The impulse at the slider's end: it acts when x was at or beyond the end before the step,
  /// stops the cart and pushes it back by a fifth of a shallow penetration.
  SAC_HD static void stop_at_slider_end(const CartPolePose<T>& pose, State& s) {
    const SliderEnd<T> end = nearer_slider_end(s.x);
    if (end.gap > 0) return;
    const T target = end.gap > T(-0.04) ? T(-0.2) * end.gap / kDt : T(0);
    const T impulse = clip<T>((target - end.inward * s.vx) / pose.slider, 0, 100);
    s.vx += end.inward * pose.slider * impulse;
    s.theta_dot += end.inward * pose.cross * impulse;
  }
};

/// Keep the pole upright. Reward 1 for every step, also the terminating one.
template <class T>
struct InvertedPendulumBullet : BulletPendulum<T> {
  using State = typename BulletPendulum<T>::State;

  static constexpr EnvironmentInfo info =
      BulletPendulum<T>::task("InvertedPendulumBulletEnv-v0", 950);

  SAC_HD static State reset(ResetDraws<T>& draws) {
    return {0, 0, draws.uniform(T(-0.1), T(0.1)), 0};
  }

  SAC_HD static Outcome<T> step(State& s, const T* action) {
    using std::abs;
    BulletPendulum<T>::advance(s, action[0]);
    return {1, abs(s.theta) > T(0.2)};
  }
};

/// From hanging, swing the pole up and hold it. The reward is cos(theta); it never terminates.
template <class T>
struct InvertedPendulumSwingupBullet : BulletPendulum<T> {
  using State = typename BulletPendulum<T>::State;

  static constexpr EnvironmentInfo info =
      BulletPendulum<T>::task("InvertedPendulumSwingupBulletEnv-v0", 800);

  SAC_HD static State reset(ResetDraws<T>& draws) {
    return {0, 0, T(3.1415) + draws.uniform(T(-0.1), T(0.1)), 0};
  }

  SAC_HD static Outcome<T> step(State& s, const T* action) {
    BulletPendulum<T>::advance(s, action[0]);
    return {sin_cos(s.theta).cos, false};
  }
};

}  // namespace sac::env
