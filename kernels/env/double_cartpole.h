// What both double pendulums share: two equal poles, one hinged on the other, on a cart that slides
// along x.
//
// Angles are 0 upright and positive toward +x; the second pole's is relative to the first. With the
// poles' absolute angles f1 = theta1 and f2 = theta1 + theta2 and their speeds w1, w2, the
// equations of motion are M (vx', w1', w2') = r,
//
//       [ m           c1 cos f1         c2 cos f2       ]
//   M = [ c1 cos f1   j1                c3 cos(f1 - f2) ]
//       [ c2 cos f2   c3 cos(f1 - f2)   j2              ]
//
//   r = ( F + c1 sin f1 w1^2 + c2 sin f2 w2^2,
//         tau1 + g c1 sin f1 - c3 sin(f1 - f2) w2^2,
//         tau2 + g c2 sin f2 + c3 sin(f1 - f2) w1^2 ).
#pragma once

#include "kernels/env/environment.h"
#include "kernels/math.h"

namespace sac::env {

/// The state of cart and poles, in SI units, angles not wrapped.
template <class T>
struct DoubleCartPoleState {
  T x, theta1, theta2, vx, omega1, omega2;
};

/// The constants of M and r, in SI units.
template <class T>
struct DoubleCartPole {
  T total_mass;         ///< m, cart and poles
  T c1, c2, c3;         ///< couplings: cart and pole 1, cart and pole 2, pole 1 and pole 2
  T inertia1;           ///< j1, of pole 1 about its hinge with pole 2's mass at its end
  T inertia2;           ///< j2, of pole 2 about its hinge
  T gravity;            ///< g
  T length, to_centre;  ///< of a pole, and from its hinge to its centre of mass
};

/// A force on the cart and torques on the poles, about their hinges and by absolute angles; also
/// the accelerations that such make.
template <class T>
struct OnCartAndPoles {
  T x, first, second;
};

/// What depends on the angles alone.
template <class T>
struct DoubleCartPolePose {
  SinCos<T> first, second;   ///< of the absolute angles
  SinCos<T> bend;            ///< of theta2
  OnCartAndPoles<T> slider;  ///< M^-1's first column: what a unit force on the cart makes
  T first_first, first_second, second_second;  ///< the rest of M^-1
};

/// The absolute angle of pole 2.
template <class T>
SAC_HD SinCos<T> absolute(const SinCos<T>& first, const SinCos<T>& bend) {
  return {first.sin * bend.cos + first.cos * bend.sin, first.cos * bend.cos - first.sin * bend.sin};
}

template <class T>
SAC_HD DoubleCartPolePose<T> double_cart_pole_pose(const DoubleCartPole<T>& body, T theta1,
                                                   T theta2) {
  DoubleCartPolePose<T> pose;
  pose.first = sin_cos(theta1);
  pose.bend = sin_cos(theta2);
  pose.second = absolute(pose.first, pose.bend);
  const T m12 = body.c1 * pose.first.cos;
  const T m13 = body.c2 * pose.second.cos;
  const T m23 = body.c3 * pose.bend.cos;
  const T cofactor11 = body.inertia1 * body.inertia2 - m23 * m23;
  const T cofactor12 = m13 * m23 - m12 * body.inertia2;
  const T cofactor13 = m12 * m23 - m13 * body.inertia1;
  const T scale = 1 / (body.total_mass * cofactor11 + m12 * cofactor12 + m13 * cofactor13);
  pose.slider = {scale * cofactor11, scale * cofactor12, scale * cofactor13};
  pose.first_first = scale * (body.total_mass * body.inertia2 - m13 * m13);
  pose.first_second = scale * (m12 * m13 - body.total_mass * m23);
  pose.second_second = scale * (body.total_mass * body.inertia1 - m12 * m12);
  return pose;
}

/// (vx', w1', w2') at absolute speeds w1 and w2, under `load`.
template <class T>
SAC_HD OnCartAndPoles<T> double_cart_pole_acceleration(const DoubleCartPole<T>& body,
                                                       const DoubleCartPolePose<T>& pose, T w1,
                                                       T w2, const OnCartAndPoles<T>& load) {
  const T moment1 = body.c1 * pose.first.sin, moment2 = body.c2 * pose.second.sin;
  const T whirl = body.c3 * pose.bend.sin;  // sin(f1 - f2) is -sin theta2
  const T r1 = load.x + moment1 * w1 * w1 + moment2 * w2 * w2;
  const T r2 = load.first + body.gravity * moment1 + whirl * w2 * w2;
  const T r3 = load.second + body.gravity * moment2 - whirl * w1 * w1;
  return {pose.slider.x * r1 + pose.slider.first * r2 + pose.slider.second * r3,
          pose.slider.first * r1 + pose.first_first * r2 + pose.first_second * r3,
          pose.slider.second * r1 + pose.first_second * r2 + pose.second_second * r3};
}

/// A point of pole 2, metres.
template <class T>
struct PolePoint {
  T x, y;
};

/// The point of pole 2 that is `along` from its hinge.
template <class T>
SAC_HD PolePoint<T> on_second_pole(T x, const SinCos<T>& first, const SinCos<T>& second, T length,
                                   T along) {
  return {x + length * first.sin + along * second.sin, length * first.cos + along * second.cos};
}

}  // namespace sac::env
