// Elementary functions for both sides, in the same arithmetic on each.
#pragma once

#include <cmath>

#include "kernels/host_device.h"

namespace sac {

template <class T>
struct SinCos {
  T sin, cos;
};

/// For double, and for array types that bring their own sin and cos.
template <class T>
SAC_HD SinCos<T> sin_cos(const T& angle) {
  using std::cos, std::sin;
  return {sin(angle), cos(angle)};
}

/// Within 1e-7 up to |angle| = 1e5, and within 1e-6 of a small sine or cosine up to 100. CUDA's
/// sinf and cosf hold a reduction for astronomic angles that costs every thread a stack frame; a
/// simulator's angles, and those of Box and Muller, need none. The same arithmetic on both sides;
/// NaN stays NaN.
SAC_HD inline SinCos<float> sin_cos(float angle) {
  using std::floor, std::fma, std::rint;
  // angle = quarters * pi/2 + r, |r| <= pi/4. Two parts of pi/2; the first difference is exact.
  const float quarters = rint(angle * 0.636619772f);
  const float r = fma(quarters, 4.37113883e-8f, fma(quarters, -1.57079637f, angle));
  const float r2 = r * r;

  // Taylor's series to r^9 and r^10: what is left out is below 2e-9.
  float sine = 1 / 362880.0f;
  sine = fma(sine, r2, -1 / 5040.0f);
  sine = fma(sine, r2, 1 / 120.0f);
  sine = fma(sine, r2, -1 / 6.0f);
  sine = fma(sine * r2, r, r);
  float cosine = -1 / 3628800.0f;
  cosine = fma(cosine, r2, 1 / 40320.0f);
  cosine = fma(cosine, r2, -1 / 720.0f);
  cosine = fma(cosine, r2, 1 / 24.0f);
  cosine = fma(cosine, r2, -0.5f);
  cosine = fma(cosine, r2, 1.0f);

  const float quadrant = quarters - 4 * floor(quarters / 4);
  const bool odd = quadrant == 1 || quadrant == 3;
  const float s = odd ? cosine : sine;
  const float c = odd ? sine : cosine;
  return {quadrant >= 2 ? -s : s, quadrant == 1 || quadrant == 2 ? -c : c};
}

/// The value closest to x in [low, high]. Written so that NaN stays NaN.
template <class T>
SAC_HD T clip(T x, T low, T high) {
  return x < low ? low : (x > high ? high : x);
}

}  // namespace sac
