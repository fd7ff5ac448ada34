// Adam (Kingma and Ba 2015) and the soft update for one element. T is float or double.
#pragma once

#include <cmath>

#include "kernels/host_device.h"

namespace sac {

/// Adam's numbers for one gradient step, bias corrections included. 1 - beta comes along because a
/// float has it better than the difference of two floats: 1 - 0.999f is off by 1e-5.
template <class T>
struct AdamStep {
  T beta1, one_minus_beta1, beta2, one_minus_beta2, eps;
  T step_size;                 ///< learning rate / (1 - beta1^t)
  T inverse_sqrt_correction2;  ///< 1 / sqrt(1 - beta2^t)
};

/// Applies the gradient to a parameter and its two moments.
template <class T>
SAC_HD void adam_element(const AdamStep<T>& adam, T gradient, T& parameter, T& m, T& v) {
  using std::sqrt;
  m = adam.beta1 * m + adam.one_minus_beta1 * gradient;
  v = adam.beta2 * v + adam.one_minus_beta2 * gradient * gradient;
  parameter -= adam.step_size * m / (sqrt(v) * adam.inverse_sqrt_correction2 + adam.eps);
}

/// What an element of a target becomes once its network's has its new value.
template <class T>
SAC_HD T soft_update(T tau, T parameter, T target) {
  return tau * parameter + (1 - tau) * target;
}

}  // namespace sac
