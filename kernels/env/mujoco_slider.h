// The ends of a slider in MuJoCo: a soft constraint on one coordinate, solved exactly.
#pragma once

#include "kernels/env/cartpole.h"

namespace sac::env {

/// What MuJoCo makes of a model's slider, whose ends are at x = -1 and x = 1.
template <class T>
struct MujocoSlider {
  T margin;              ///< metres before the end where it begins to push
  T damping, stiffness;  ///< of the spring that is to be followed, 1/s and 1/s^2
  T weight;              ///< its inverse inertia, of which softness is a share
};

/// The force along x of the nearer end on the cart, at x, vx and without it the acceleration `a`;
/// `mobility` is what a unit force adds to that. It brings the acceleration close to the one of a
/// stiff damped spring; its impedance d rises over the first millimetre.
template <class T>
SAC_HD T slider_force(const MujocoSlider<T>& slider, T x, T vx, T a, T mobility) {
  const SliderEnd<T> end = nearer_slider_end(x);
  const T gap = end.gap - slider.margin;
  if (!(gap < 0)) return 0;
  const T depth = clip<T>(-gap / T(0.001), 0, 1);
  const T shape = depth <= T(0.5) ? 2 * depth * depth : 1 - 2 * (1 - depth) * (1 - depth);
  const T d = T(0.9) + T(0.05) * shape;
  const T softness = (1 - d) / d * slider.weight;
  const T wanted = -slider.damping * end.inward * vx - slider.stiffness * d * gap;
  const T force = (wanted - end.inward * a) / (mobility + softness);
  return force > 0 ? end.inward * force : T(0);
}

}  // namespace sac::env
