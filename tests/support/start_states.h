// Statistics of start states.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <vector>

#include "kernels/env/environment.h"

namespace sac {

/// Columns of n start states, [state][n].
template <class Environment>
auto start_states(int n) {
  std::array<std::vector<double>, Environment::info.state> columns;
  for (int i = 0; i < n; ++i) {
    ResetDraws<double> draws({7}, Purpose::reset, static_cast<uint32_t>(i), 3);
    const auto values =
        std::bit_cast<std::array<double, Environment::info.state>>(Environment::reset(draws));
    for (size_t c = 0; c < columns.size(); ++c) columns[c].push_back(values[c]);
  }
  return columns;
}

/// Kolmogorov and Smirnov: sqrt(n) sup|F_n - F| exceeds 2.5 with probability 2 exp(-2 * 2.5^2) =
/// 7e-6. With n = 100000 that is a distance of 0.8 %, so a range off by 2 % fails.
inline void expect_uniform(std::vector<double> samples, double low, double high) {
  std::sort(samples.begin(), samples.end());
  const double n = static_cast<double>(samples.size());
  double distance = 0;
  for (size_t i = 0; i < samples.size(); ++i) {
    const double f = (samples[i] - low) / (high - low);
    const double rank = static_cast<double>(i);
    distance = std::max({distance, f - rank / n, (rank + 1) / n - f});
  }
  EXPECT_LT(std::sqrt(n) * distance, 2.5);
  EXPECT_GE(samples.front(), low);
  EXPECT_LE(samples.back(), high);
}

/// The correlation of independent columns has standard deviation 1/sqrt(n); five of them.
inline void expect_uncorrelated(const std::vector<double>& a, const std::vector<double>& b) {
  const double n = static_cast<double>(a.size());
  double ab = 0, aa = 0, bb = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    ab += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  EXPECT_LT(std::abs(ab / std::sqrt(aa * bb)), 5 / std::sqrt(n));
}

}  // namespace sac
