#include "host/gradcheck/smooth_batch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "host/cpu/cpu_learner.h"
#include "host/gradcheck/check_start.h"
#include "host/gradcheck/plain_losses.h"

namespace sac::gradcheck {
namespace {

// Without redrawing, six of these rows come closer.
TEST(SmoothBatch, EveryRowKeepsItsDistance) {
  const LearnerConfig c = check_config({.obs = 5, .act = 2, .hidden = 64}, 200, 4);
  const std::vector<double> p = cpu::make_cpu_learner<float>(c)->state(0).parameters;
  const Batch batch = smooth_batch(c, p);
  for (int row = 0; row < c.batch; ++row) {
    EXPECT_GE(distance_to_kink(c.shape, c.hyper, c.max_action, p, batch, row), kKinkMargin);
  }
}

TEST(SmoothBatch, RowsDifferAndAreFloats) {
  const LearnerConfig c = check_config({.obs = 2, .act = 1, .hidden = 8}, 50, 4);
  const Batch batch = smooth_batch(c, cpu::make_cpu_learner<float>(c)->state(0).parameters);
  std::set<double> values;
  for (const auto* field : {&batch.obs, &batch.action, &batch.reward, &batch.next_obs,
                            &batch.target_noise, &batch.policy_noise}) {
    for (const double x : *field) {
      EXPECT_EQ(x, static_cast<float>(x));
      EXPECT_TRUE(values.insert(x).second) << "drawn twice: " << x;
    }
  }
  EXPECT_EQ(values.size(), 50u * (2 + 1 + 1 + 2 + 1 + 1));
  EXPECT_EQ(std::ranges::count(batch.terminated, 1.0), 16);
}

// Each kind of kink, made on purpose: a ReLU input, the end of log-std's range, equal Qs.
TEST(SmoothBatch, DistanceSeesEveryKindOfKink) {
  const LearnerConfig c = check_config({.obs = 1, .act = 1, .hidden = 4}, 1, 2);
  const std::vector<double> p = cpu::make_cpu_learner<float>(c)->state(0).parameters;
  const Batch batch = smooth_batch(c, p);
  const auto distance = [&](const std::vector<double>& parameters) {
    return distance_to_kink(c.shape, c.hyper, c.max_action, parameters, batch, 0);
  };
  const NetworkLayout pi = network_layout(c.shape, Network::pi);
  const NetworkLayout q1 = network_layout(c.shape, Network::q1);
  const NetworkLayout q2 = network_layout(c.shape, Network::q2);

  std::vector<double> relu = p;
  relu[pi.b1] = -p[pi.w1] * batch.obs[0] + 1e-9;
  EXPECT_NEAR(distance(relu), 1e-9, 1e-15);

  std::vector<double> clamp = p;
  std::fill_n(clamp.begin() + static_cast<ptrdiff_t>(pi.w3 + 4), 4, 0.0);
  clamp[pi.b3 + 1] = c.hyper.log_std.high + 1e-9;
  EXPECT_NEAR(distance(clamp), 1e-9, 1e-15);
  clamp[pi.b3 + 1] = c.hyper.log_std.low - 1e-9;
  EXPECT_NEAR(distance(clamp), 1e-9, 1e-15);

  std::vector<double> twins = p;
  std::copy(p.begin() + static_cast<ptrdiff_t>(q1.w1), p.begin() + static_cast<ptrdiff_t>(q1.end),
            twins.begin() + static_cast<ptrdiff_t>(q2.w1));
  twins[q2.b3] += 1e-9;
  EXPECT_NEAR(distance(twins), 1e-9, 1e-15);
}

}  // namespace
}  // namespace sac::gradcheck
