// The tanh-Gaussian policy: sample, log-probability and their gradients (appendix C of arXiv
// 1801.01290). One action dimension at a time; sum log_prob over dimensions.
//
// u = mean + std * noise, action = m * tanh(u). The change of variables is written with softplus,
// log(1 - tanh(u)^2) = 2 (log 2 - u - softplus(-2u)), which neither overflows nor cancels.
//
// T is float or double, on host or device, or an array type with element-wise arithmetic and
// exp, log1p, tanh, abs: the CPU learner passes Eigen arrays, and the formula stands once.
#pragma once

#include <cmath>

#include "kernels/host_device.h"
#include "kernels/math.h"

namespace sac {

/// log-std is clamped to this range before exp; outside it its gradient is zero.
struct LogStdRange {
  double low = -20.0;
  double high = 2.0;
};

/// The log-std that the policy's head gives.
template <class T>
SAC_HD T clamp_log_std(T head, T low, T high) {
  return clip(head, low, high);
}

/// From the gradient with respect to the log-std to that with respect to the head: zero where the
/// head was clamped.
template <class T>
SAC_HD T unclamped_gradient(T log_std_gradient, T head, T low, T high) {
  return head < low || head > high ? T(0) : log_std_gradient;
}

/// log(1 + exp(x)), for any x.
template <class T>
SAC_HD T softplus(const T& x) {
  using std::abs, std::exp, std::log1p;
  const T magnitude = abs(x);
  return (x + magnitude) / 2 + log1p(exp(-magnitude));
}

template <class T>
struct TanhGaussianSample {
  T action;     ///< in environment units
  T log_prob;   ///< log pi(a|s), this dimension
  T tanh_u;     ///< kept for the gradient
  T std_noise;  ///< std * noise = du/d(log std)
};

/// Sample with given standard-normal noise. `log_std` is already clamped; `max_action` is m.
template <class T, class Scalar>
SAC_HD TanhGaussianSample<T> tanh_gaussian_sample(const T& mean, const T& log_std, const T& noise,
                                                  Scalar max_action) {
  using std::exp, std::log, std::tanh;
  const Scalar half_log_two_pi = static_cast<Scalar>(0.91893853320467274178);
  const Scalar log_two = static_cast<Scalar>(0.69314718055994530942);
  TanhGaussianSample<T> s;
  s.std_noise = exp(log_std) * noise;
  const T u = mean + s.std_noise;
  s.tanh_u = tanh(u);
  s.action = max_action * s.tanh_u;
  const T minus_2u = -2 * u;
  const T log_jacobian = 2 * (log_two - u - softplus(minus_2u)) + log(max_action);
  s.log_prob = -(noise * noise) / 2 - log_std - half_log_two_pi - log_jacobian;
  return s;
}

template <class T>
struct TanhGaussianGradient {
  T mean;
  T log_std;
};

/// Gradient of weight * (alpha log_prob + <action_gradient, action>) for a reparameterised sample:
/// eq. 12's alpha log pi(f(eps; s)|s) - Q(s, f(eps; s)) with action_gradient = -dQ/da, weight = 1 /
/// batch. d log_prob / du = 2 tanh(u); d action / du = m (1 - tanh(u)^2); du / d log_std = std *
/// noise. unclamped_gradient takes log_std's on to the head.
template <class T, class Scalar>
SAC_HD TanhGaussianGradient<T> tanh_gaussian_gradient(const TanhGaussianSample<T>& s,
                                                      const T& action_gradient, Scalar weight,
                                                      Scalar alpha, Scalar max_action) {
  const Scalar entropy_slope = 2 * alpha, entropy_weight = weight * alpha;
  const T du = weight * (entropy_slope * s.tanh_u +
                         max_action * action_gradient * (1 - s.tanh_u * s.tanh_u));
  return {du, du * s.std_noise - entropy_weight};
}

}  // namespace sac
