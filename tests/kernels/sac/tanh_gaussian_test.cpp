#include "kernels/sac/tanh_gaussian.h"

#include <gtest/gtest.h>

#include <cmath>

#include "host/cpu/sampling.h"

namespace sac {
namespace {

// log pi(a|s) from the definition, in long double: N(u; mean, std) / |da/du|, with
// da/du = m / cosh(u)^2.
long double log_prob(long double mean, long double log_std, long double noise, long double m) {
  const long double u = mean + std::exp(log_std) * noise;
  const long double log_cosh =
      std::abs(u) + std::log1p(std::exp(-2 * std::abs(u))) - std::log(2.0L);
  return -noise * noise / 2 - log_std - std::log(2 * std::acos(-1.0L)) / 2 + 2 * log_cosh -
         std::log(m);
}

// Terms grow to 2|u| + log_std ~ 60: each costs half an ulp of that, 4 eps * 60 in all.
template <class T>
void check_log_prob(double mean, double log_std, double noise, double m) {
  const auto s = tanh_gaussian_sample<T, T>(static_cast<T>(mean), static_cast<T>(log_std),
                                            static_cast<T>(noise), static_cast<T>(m));
  const long double expected = log_prob(static_cast<T>(mean), static_cast<T>(log_std),
                                        static_cast<T>(noise), static_cast<T>(m));
  const T u = static_cast<T>(mean) + s.std_noise;
  const long double allowance =
      4 * std::numeric_limits<T>::epsilon() * (2 * std::abs(u) + noise * noise + 4);
  EXPECT_NEAR(s.log_prob, static_cast<double>(expected), static_cast<double>(allowance))
      << "mean " << mean << " log_std " << log_std << " noise " << noise << " m " << m;
}

TEST(TanhGaussian, LogProbForAnyU) {
  for (double u = -30; u <= 30; u += 0.25) {
    for (const double m : {0.5, 1.0, 2.0, 3.0}) {
      check_log_prob<double>(u, -1, 0, m);
      check_log_prob<float>(u, -1, 0, m);
      check_log_prob<double>(u / 2, 0.5, u / 4, m);
      check_log_prob<float>(u / 2, 0.5, u / 4, m);
    }
  }
}

TEST(TanhGaussian, ClampEdgesStayFinite) {
  for (const double log_std : {-20.0, 2.0}) {
    for (const double noise : {-5.9, 0.0, 5.9}) {
      check_log_prob<double>(0.3, log_std, noise, 2);
      check_log_prob<float>(0.3, log_std, noise, 2);
    }
  }
}

TEST(TanhGaussian, AClampedLogStdHasNoGradient) {
  EXPECT_EQ(clamp_log_std(-21.0, -20.0, 2.0), -20);
  EXPECT_EQ(clamp_log_std(0.5, -20.0, 2.0), 0.5);
  EXPECT_EQ(clamp_log_std(3.0f, -20.0f, 2.0f), 2.0f);
  EXPECT_EQ(unclamped_gradient(7.0, -21.0, -20.0, 2.0), 0);
  EXPECT_EQ(unclamped_gradient(7.0f, 3.0f, -20.0f, 2.0f), 0);
  for (const double head : {-20.0, 0.5, 2.0}) {
    EXPECT_EQ(unclamped_gradient(7.0, head, -20.0, 2.0), 7) << head;
  }
}

TEST(TanhGaussian, ActionIsInEnvironmentUnits) {
  const auto s = tanh_gaussian_sample<double, double>(0.4, -1, 0.7, 2);
  EXPECT_DOUBLE_EQ(s.action, 2 * std::tanh(0.4 + std::exp(-1.0) * 0.7));
}

// The density integrates to one over the actions: a check of the whole change of variables.
TEST(TanhGaussian, DensityIntegratesToOne) {
  const double mean = 0.3, log_std = -0.4, m = 2.0;
  const int n = 20000;
  double integral = 0;
  for (int i = 0; i < n; ++i) {
    const double a = m * ((2 * (i + 0.5) / n) - 1), u = std::atanh(a / m);
    const double noise = (u - mean) / std::exp(log_std);
    integral += std::exp(tanh_gaussian_sample<double, double>(mean, log_std, noise, m).log_prob) *
                (2 * m / n);
  }
  EXPECT_NEAR(integral, 1, 1e-6);
}

// Central differences of weight * (alpha * log_prob + g * action): truncation 1e-10, rounding
// 1e-10.
TEST(TanhGaussian, GradientIsTheFiniteDifference) {
  const double weight = 0.25, m = 2.5, h = 1e-5;
  for (const double mean : {-3.0, -0.2, 0.0, 1.4, 6.0}) {
    for (const double log_std : {-2.0, 0.0, 0.7}) {
      for (const double g : {-1.5, 0.0, 2.0}) {
        const double noise = 0.8, alpha = 1.25 + g / 2;
        const auto objective = [&](double mu, double ls) {
          const auto s = tanh_gaussian_sample<double, double>(mu, ls, noise, m);
          return weight * (alpha * s.log_prob + g * s.action);
        };
        const auto s = tanh_gaussian_sample<double, double>(mean, log_std, noise, m);
        const auto gradient = tanh_gaussian_gradient<double, double>(s, g, weight, alpha, m);
        EXPECT_NEAR(gradient.mean,
                    (objective(mean + h, log_std) - objective(mean - h, log_std)) / (2 * h), 1e-8);
        EXPECT_NEAR(gradient.log_std,
                    (objective(mean, log_std + h) - objective(mean, log_std - h)) / (2 * h), 1e-8);
      }
    }
  }
}

// The vectorised samples are the same formula on other implementations of exp, log1p and tanh, each
// good to a few ulp.
template <class T>
void check_lanes(T tolerance) {
  const int count = 40;
  cpu::Buffer<T> mean(48), log_std(48), noise(48);
  for (cpu::Buffer<T>* b : {&mean, &log_std, &noise}) b->fill(0);
  for (size_t i = 0; i < count; ++i) {
    mean[i] = T(0.4) * static_cast<T>(i) - 8;
    log_std[i] = T(-3) + T(0.1) * static_cast<T>(i);
    noise[i] = random_normal<T>({4}, Purpose::explore, static_cast<uint32_t>(i), 0);
  }
  cpu::TanhGaussianArray<T> samples(count);
  samples.sample(mean.data(), log_std.data(), noise.data(), count, T(2));
  for (size_t i = 0; i < count; ++i) {
    const auto s = tanh_gaussian_sample<T, T>(mean[i], log_std[i], noise[i], T(2));
    EXPECT_NEAR(samples.action[i], s.action, tolerance);
    EXPECT_NEAR(samples.log_prob[i], s.log_prob, 10 * tolerance);
    EXPECT_NEAR(samples.std_noise[i], s.std_noise, 10 * tolerance);
  }
}

TEST(TanhGaussian, LanesAgreeWithScalars) {
  check_lanes<float>(2e-6f);
  check_lanes<double>(4e-15);
}

TEST(TanhGaussian, FilledNormalsAreTheirElements) {
  for (const auto& [begin, count] : {std::pair{0u, 32}, {1u, 7}, {50u, 50}, {27u, 100}}) {
    std::vector<double> filled(static_cast<size_t>(count));
    cpu::fill_normals<double>({9}, Purpose::policy_noise, 5, begin, count, filled.data());
    for (uint32_t i = 0; i < static_cast<uint32_t>(count); ++i) {
      EXPECT_NEAR(filled[i], random_normal<double>({9}, Purpose::policy_noise, begin + i, 5),
                  1e-14);
    }
  }
}

}  // namespace
}  // namespace sac
