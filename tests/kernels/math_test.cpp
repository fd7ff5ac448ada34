#include "kernels/math.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace sac {
namespace {

/// The largest error over `n` angles in [-bound, bound], the ends included.
double largest_error(float bound, int n) {
  double error = 0;
  for (int i = 0; i <= n; ++i) {
    const float angle = bound * (2.0f * static_cast<float>(i) / static_cast<float>(n) - 1.0f);
    const SinCos<float> both = sin_cos(angle);
    const double exact = angle;
    error = std::fmax(error, std::abs(both.sin - std::sin(exact)));
    error = std::fmax(error, std::abs(both.cos - std::cos(exact)));
  }
  return error;
}

// A correctly rounded result is off by up to 3e-8; the series adds one more rounding of that, the
// reduction up to 1e-8.
TEST(SinCos, FloatIsAccurateToItsLastDigit) {
  EXPECT_LT(largest_error(0.8f, 100001), 7.1e-8);
  EXPECT_LT(largest_error(7.0f, 100001), 7.1e-8);
  EXPECT_LT(largest_error(2000.0f, 1000003), 7.1e-8);
  EXPECT_LT(largest_error(1e5f, 1000003), 7.1e-8);
}

TEST(SinCos, FloatKeepsDigitsWhereSineOrCosineVanishes) {
  for (int k = 1; k < 60; ++k) {  // next to k pi/2
    const float angle = static_cast<float>(k * 1.57079632679489661923);
    const SinCos<float> both = sin_cos(angle);
    const double small = k % 2 ? std::cos(double{angle}) : std::sin(double{angle});
    EXPECT_NEAR(k % 2 ? both.cos : both.sin, small, 1e-6 * std::abs(small)) << angle;
  }
  EXPECT_EQ(sin_cos(1e-20f).sin, 1e-20f);
}

TEST(SinCos, FloatHandsOnWhatIsNotANumber) {
  for (float angle : {std::nanf(""), std::numeric_limits<float>::infinity()}) {
    EXPECT_TRUE(std::isnan(sin_cos(angle).sin));
    EXPECT_TRUE(std::isnan(sin_cos(angle).cos));
  }
}

TEST(SinCos, DoubleIsTheLibrarys) {
  EXPECT_EQ(sin_cos(0.7).sin, std::sin(0.7));
  EXPECT_EQ(sin_cos(0.7).cos, std::cos(0.7));
}

}  // namespace
}  // namespace sac
