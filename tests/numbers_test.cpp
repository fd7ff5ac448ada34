#include "host/cpu/numbers.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "host/cpu/gradient_step.h"
#include "host/cpu/rollout.h"
#include "kernels/env/registry.h"

namespace sac {
namespace {

TEST(Numbers, ReluLetsThroughWhatIsPositive) {
  for (const float x : {-1.0f, -0.0f, 0.0f, 1e-30f, 3.0f}) {
    EXPECT_EQ(is_positive(x), x > 0) << x;
    EXPECT_EQ(is_positive(double{x}), x > 0) << x;
    EXPECT_EQ(is_positive(to_bf16(x)), x > 0) << x;
  }
}

/// The parameters after one gradient step on transitions of random actions.
template <class Numbers>
std::vector<float> step(const LearnerConfig& c) {
  Team team(1, keep_products_on_one_thread);
  keep_products_on_one_thread();
  GradientStep<Numbers> gradient_step(c, team);
  Rollout<Numbers> rollout(c, team);
  std::vector<Agent<Numbers>> agents;
  agents.emplace_back(c, RandomKey{c.seed}, gradient_step.tiles());
  rollout.step(agents, 0, Rollout<Numbers>::Actions::random);
  gradient_step.run(agents, 0, static_cast<uint32_t>(c.envs));
  return {agents[0].adam_m.begin(), agents[0].adam_m.end()};  // (1 - beta1) times the gradient
}

// Halves and floats hold the same rounded operands. What differs is the order of a product's sums,
// which now and then sends a number to the next bf16, 2^-8 of itself away.
TEST(Numbers, Bf16IsTheSameInHalvesAndInFloats) {
  if (!has_bf16_products()) GTEST_SKIP() << "this processor multiplies no bf16 numbers";
  const EnvironmentInfo& info = Environments::info[0];
  for (const int hidden : {64, 100}) {  // one block of columns, and two
    LearnerConfig c;
    c.environment = 0;
    c.shape = {.obs = info.obs, .act = info.act, .hidden = hidden};
    c.max_action = info.max_action;
    c.batch = 200;
    c.envs = 500;
    c.replay_capacity = 500;
    const std::vector<float> halves = step<Bf16>(c), floats = step<Bf16InFloat>(c);
    const std::vector<float> exact = step<Float32>(c);
    double largest = 0, difference = 0, rounding = 0;
    for (size_t i = 0; i < halves.size(); ++i) {
      largest = std::max(largest, static_cast<double>(std::abs(floats[i])));
      difference = std::max(difference, static_cast<double>(std::abs(halves[i] - floats[i])));
      rounding = std::max(rounding, static_cast<double>(std::abs(exact[i] - floats[i])));
    }
    std::printf("hidden %d: %.2g of the largest between the forms, %.2g by rounding\n", hidden,
                difference / largest, rounding / largest);
    EXPECT_LE(difference, 2e-4 * largest) << "hidden " << hidden;
    EXPECT_GT(rounding, 1e-3 * largest) << "bf16 rounds; hidden " << hidden;
  }
}

}  // namespace
}  // namespace sac
