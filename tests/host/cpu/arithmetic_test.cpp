#include "host/cpu/arithmetic.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <vector>

#include "host/base/named_parameters.h"
#include "host/cpu/gradient_step.h"
#include "host/cpu/rollout.h"
#include "kernels/env/registry.h"

namespace sac::cpu {
namespace {

TEST(Arithmetic, ReluLetsThroughWhatIsPositive) {
  for (const float x : {-1.0f, -0.0f, 0.0f, 1e-30f, 3.0f}) {
    EXPECT_EQ(is_positive(x), x > 0) << x;
    EXPECT_EQ(is_positive(double{x}), x > 0) << x;
    EXPECT_EQ(is_positive(to_bf16(x)), x > 0) << x;
  }
}

/// Adam's first moments, (1 - beta1) times the gradient, after one step on transitions of random
/// actions.
template <class Arithmetic>
std::vector<float> step(const LearnerConfig& c) {
  Team team(1, keep_products_on_one_thread);
  keep_products_on_one_thread();
  GradientStep<Arithmetic> gradient_step(c, team);
  Rollout<Arithmetic> rollout(c, team);
  std::vector<Agent<Arithmetic>> agents;
  agents.emplace_back(c, RandomKey{c.seed}, gradient_step.tiles());
  rollout.step(agents, std::array{0}, 0, Rollout<Arithmetic>::Actions::random);
  gradient_step.run(agents, std::array{0}, 0, static_cast<uint32_t>(c.envs));
  return {agents[0].adam_m.begin(), agents[0].adam_m.end()};
}

double largest_of(const std::vector<float>& v, const NamedTensor& tensor) {
  double largest = 0;
  for (size_t i = tensor.offset; i < tensor.offset + tensor.size(); ++i) {
    largest = std::max(largest, static_cast<double>(std::abs(v[i])));
  }
  return largest;
}

std::vector<float> difference(std::vector<float> a, const std::vector<float>& b) {
  for (size_t i = 0; i < a.size(); ++i) a[i] -= b[i];
  return a;
}

// Halves and floats hold the same rounded operands. What differs is the order of a product's sums,
// by some 1e-7, which now and then sends one row's number to the next bf16, 2^-8 of itself away:
// of a sum over 200 rows that is less than 2^-8 / 10, unless the row dominates the sum.
TEST(Arithmetic, Bf16IsTheSameInHalvesAndInFloats) {
  if (!has_bf16_products()) GTEST_SKIP() << "this processor multiplies no bf16 numbers";
  const env::EnvironmentInfo& info = env::Environments::info[0];
  for (const int hidden : {64, 100}) {  // one block of columns, and two
    LearnerConfig c;
    c.environment = 0;
    c.shape = {.obs = info.obs, .act = info.act, .hidden = hidden};
    c.max_action = info.max_action;
    c.batch = 200;
    c.envs = 500;
    c.replay_capacity = 500;
    const std::vector<float> floats = step<Bf16InFloat>(c);
    const std::vector<float> between = difference(step<Bf16>(c), floats);
    const std::vector<float> rounding = difference(step<Float32>(c), floats);
    double most = 0;
    for (const NamedTensor& tensor : named_parameters(c.shape)) {
      if (tensor.network == Network::v_target) continue;
      const double largest = largest_of(floats, tensor);
      most = std::max(most, largest_of(between, tensor) / largest);
      EXPECT_LE(largest_of(between, tensor), 4e-4 * largest) << tensor.name << ", " << hidden;
      if (tensor.name.ends_with("layers.1.weight")) {
        EXPECT_GT(largest_of(rounding, tensor), 1e-3 * largest) << tensor.name << ", " << hidden;
      }
    }
    std::printf("hidden %d: %.2g of a tensor's largest between the forms\n", hidden, most);
  }
}

}  // namespace
}  // namespace sac::cpu
