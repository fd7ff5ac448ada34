#include "host/cpu/mean_policy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "kernels/random.h"

namespace sac::cpu {
namespace {

constexpr Shape kShape{.obs = 3, .act = 2, .hidden = 20};

std::vector<double> some_parameters() {
  std::vector<double> parameters(agent_stride(kShape));
  for (uint32_t i = 0; i < parameters.size(); ++i) {
    parameters[i] = 0.3f * random_normal<float>({5}, Purpose::initialise, i, 0);
  }
  return parameters;
}

/// Written plainly, in double.
std::vector<double> plain(const std::vector<double>& p, const float* obs, double max_action) {
  const NetworkLayout l = network_layout(kShape, Network::pi);
  std::vector<double> x(obs, obs + kShape.obs);
  const auto layer = [&](size_t weight, size_t bias, int out, bool relu) {
    std::vector<double> y(out);
    for (int i = 0; i < out; ++i) {
      y[i] = p[bias + i];
      for (size_t j = 0; j < x.size(); ++j) y[i] += p[weight + i * x.size() + j] * x[j];
      y[i] = relu ? std::max(y[i], 0.0) : max_action * std::tanh(y[i]);
    }
    x = y;
  };
  layer(l.w1, l.b1, kShape.hidden, true);
  layer(l.w2, l.b2, kShape.hidden, true);
  layer(l.w3, l.b3, kShape.act, false);
  return x;
}

TEST(MeanPolicy, IsItsFormula) {
  constexpr int kRows = 7;
  const std::vector<double> parameters = some_parameters();
  std::vector<float> obs(kRows * kShape.obs);
  for (uint32_t i = 0; i < obs.size(); ++i) {
    obs[i] = random_normal<float>({6}, Purpose::explore, i, 0);
  }
  MeanPolicy policy(kShape, 2.5, parameters, kRows);
  const std::span<const float> action = policy.act(obs);
  ASSERT_EQ(action.size(), static_cast<size_t>(kRows) * kShape.act);
  for (int row = 0; row < kRows; ++row) {
    const std::vector<double> expected = plain(parameters, &obs[row * kShape.obs], 2.5);
    for (int d = 0; d < kShape.act; ++d) {
      EXPECT_NEAR(action[row * kShape.act + d], expected[d], 2e-6) << row;
    }
  }
}

}  // namespace
}  // namespace sac::cpu
