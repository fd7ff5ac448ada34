// What all cart-poles share: a rigid pole hinged on a cart that slides along x.
//
// theta = 0 is upright and theta > 0 tips toward +x. Upright, the pole's centre of mass lies a in
// front of the hinge and b above it. With w = theta', the equations of motion are
//
//   M (vx', w') = r,   M = [[m, mp P], [mp P, J]],   r = (F + mp Q w^2, tau + mp g Q),
//   P = b cos(theta) - a sin(theta),   Q = a cos(theta) + b sin(theta).
#pragma once

#include <cmath>

#include "kernels/env/environment.h"
#include "kernels/math.h"

namespace sac::env {

/// A cart-pole's state, in SI units. theta is not wrapped: within an episode it stays so small
/// that float keeps what the physics needs, and a trajectory shows the turns.
template <class T>
struct CartPoleState {
  T x, vx, theta, theta_dot;
};

/// The masses and lengths of one cart-pole, in SI units.
template <class T>
struct CartPole {
  T total_mass;  ///< m, cart and pole
  T pole_mass;   ///< mp
  T a, b;        ///< the pole's centre of mass, seen from the hinge
  T inertia;     ///< J, of the pole about the hinge
  T gravity;     ///< g
};

/// What depends on the angle alone.
template <class T>
struct CartPolePose {
  T p, q;                  ///< P and Q: the centre of mass moves at (vx + P w, -Q w)
  T slider, cross, hinge;  ///< M^-1 = [[slider, cross], [cross, hinge]]
};

template <class T>
SAC_HD CartPolePose<T> cart_pole_pose(const CartPole<T>& body, T theta) {
  const SinCos<T> angle = sin_cos(theta);
  CartPolePose<T> pose;
  pose.p = body.b * angle.cos - body.a * angle.sin;
  pose.q = body.a * angle.cos + body.b * angle.sin;
  const T coupling = body.pole_mass * pose.p;
  const T determinant = body.total_mass * body.inertia - coupling * coupling;
  pose.slider = body.inertia / determinant;
  pose.cross = -coupling / determinant;
  pose.hinge = body.total_mass / determinant;
  return pose;
}

/// vx' and w'.
template <class T>
struct CartPoleAcceleration {
  T x, theta;
};

/// Under `force` on the cart and `torque` on the hinge, at hinge speed `theta_dot`.
template <class T>
SAC_HD CartPoleAcceleration<T> cart_pole_acceleration(const CartPole<T>& body,
                                                      const CartPolePose<T>& pose, T theta_dot,
                                                      T force, T torque) {
  const T moment = body.pole_mass * pose.q;
  const T r1 = force + moment * theta_dot * theta_dot;
  const T r2 = torque + moment * body.gravity;
  return {pose.slider * r1 + pose.cross * r2, pose.cross * r1 + pose.hinge * r2};
}

/// The nearer end of the slider, whose ends are at x = -1 and x = 1.
template <class T>
struct SliderEnd {
  T inward;  ///< direction away from this end: 1 or -1
  T gap;     ///< distance left; negative beyond the end
};

template <class T>
SAC_HD SliderEnd<T> nearer_slider_end(T x) {
  using std::abs;
  return {x < 0 ? T(1) : T(-1), 1 - abs(x)};
}

}  // namespace sac::env
