#include "host/diagnostics/diagnostics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "host/cpu/cpu_learner.h"
#include "kernels/env/registry.h"

namespace sac::diagnostics {
namespace {

LearnerConfig pendulum() {
  const env::EnvironmentInfo& info = env::Environments::info[2];
  LearnerConfig c;
  c.environment = 2;
  c.shape = {.obs = info.obs, .act = info.act, .hidden = 16};
  c.max_action = info.max_action;
  c.envs = 24;
  c.batch = 20;
  c.replay_capacity = 100;
  c.seed = 3;
  return c;
}

/// All weights zero: every head is its bias.
std::vector<double> constant_networks(const Shape& s, double mean, double log_std, double q1,
                                      double q2, double v) {
  std::vector<double> p(agent_stride(s), 0.0);
  const size_t pi = network_layout(s, Network::pi).b3;
  p[pi] = mean;
  p[pi + 1] = log_std;
  p[network_layout(s, Network::q1).b3] = q1;
  p[network_layout(s, Network::q2).b3] = q2;
  p[network_layout(s, Network::v).b3] = v;
  return p;
}

std::vector<float> some_records(const LearnerConfig& c, int count) {
  return std::vector<float>(static_cast<size_t>(count) * record_layout(c.shape).size, 0.5f);
}

TEST(Diagnostics, OfConstantNetworksAreThoseOfTheFormulas) {
  const LearnerConfig c = pendulum();
  const auto parameters = constant_networks(c.shape, 0, -1, 7, 4, 5);
  const Diagnostics d = diagnose(c, 0, parameters, some_records(c, 256), 10);
  EXPECT_FLOAT_EQ(d.q, 4);
  EXPECT_FLOAT_EQ(d.q_gap, 3);
  EXPECT_EQ(d.log_std_at_bounds, 0);
  EXPECT_EQ(d.saturated_actions, 0);
  // A Gaussian's entropy, 0.5 log(2 pi e) - 1, log m more, and the squashing's E[log(1 - tanh^2)]:
  // for so small a variance, exp(-2) = 0.135, about -0.12.
  EXPECT_NEAR(d.entropy, 0.5 * std::log(2 * M_PI * M_E) - 1 + std::log(2.0) - 0.12, 0.1);
  // V = 5 against 4 - log_prob: |1 - (-log_prob)|, with -log_prob about the entropy.
  EXPECT_GT(d.v_residual, 0);
  EXPECT_LT(d.v_residual, 1);
}

TEST(Diagnostics, ValuesAreThoseOfV) {
  const LearnerConfig c = pendulum();
  const auto parameters = constant_networks(c.shape, 0, -1, 7, 4, 5);
  const std::vector<float> obs(3 * c.shape.obs, 0.5f);
  EXPECT_EQ(state_values(c.shape, c.max_action, parameters, obs), std::vector<float>(3, 5));
}

// Q1 is 7 and Q2 what the action is, which the policy's mean brings to 2 tanh(9).
TEST(Diagnostics, ValuesAreThoseOfTheSmallerQWhereThereIsNoV) {
  LearnerConfig c = pendulum();
  c.shape.algorithm = Algorithm::sac_v2;
  std::vector<double> parameters = constant_networks(c.shape, 9, -1, 7, 0, 0);
  const NetworkLayout q2 = network_layout(c.shape, Network::q2);
  parameters[q2.w1 + 3] = parameters[q2.w2] = parameters[q2.w3] = 1;
  const std::vector<float> values =
      state_values(c.shape, c.max_action, parameters, std::vector<float>(3, 0.5f));
  EXPECT_NEAR(values.at(0), 2, 1e-6);
  parameters[log_alpha_offset(c.shape)] = std::log(0.25);
  const Diagnostics d = diagnose(c, 0, parameters, some_records(c, 8), 1);
  EXPECT_DOUBLE_EQ(d.alpha, 0.25);
  EXPECT_EQ(d.v_residual, 0);
}

TEST(Diagnostics, SeeSaturationAndClampedLogStds) {
  const LearnerConfig c = pendulum();
  const auto records = some_records(c, 64);
  EXPECT_EQ(
      diagnose(c, 0, constant_networks(c.shape, 9, -5, 0, 0, 0), records, 1).saturated_actions, 1);
  EXPECT_EQ(diagnose(c, 0, constant_networks(c.shape, 0, 3, 0, 0, 0), records, 1).log_std_at_bounds,
            1);
  EXPECT_EQ(
      diagnose(c, 0, constant_networks(c.shape, 0, -21, 0, 0, 0), records, 1).log_std_at_bounds, 1);
}

// The learner's own losses, of the same rows and noise: J_pi is the mean of log_prob - min Q at the
// sampled actions.
TEST(Diagnostics, AgreeWithTheLearnersLosses) {
  LearnerConfig c = pendulum();
  const auto learner = cpu::make_cpu_learner<double>(c);
  learner->warm_up(2);
  const std::vector<double> parameters = learner->state(0).parameters;
  const std::vector<float> records = learner->newest(0, c.batch);
  const RecordLayout r = record_layout(c.shape);
  ASSERT_EQ(records.size(), static_cast<size_t>(c.batch) * r.size);
  Batch batch{.size = c.batch,
              .obs = {},
              .action = {},
              .reward = {},
              .next_obs = {},
              .terminated = {},
              .target_noise = {},
              .policy_noise = {}};
  for (int b = 0; b < c.batch; ++b) {
    const float* record = &records[static_cast<size_t>(b) * r.size];
    batch.obs.insert(batch.obs.end(), record, record + c.shape.obs);
    batch.action.push_back(record[r.action]);
    batch.reward.push_back(record[r.reward]);
    batch.terminated.push_back(record[r.terminated]);
    batch.next_obs.insert(batch.next_obs.end(), record + r.next_obs,
                          record + r.next_obs + c.shape.obs);
    batch.policy_noise.push_back(random_normal<double>({c.seed}, Purpose::policy_noise, b, 0));
  }
  batch.target_noise = batch.policy_noise;
  const Diagnostics d = diagnose(c, 0, parameters, records, 0);
  const Losses losses = learner->gradient_step(batch).losses;
  // J_V is half the mean square of what v_residual is the mean magnitude of.
  EXPECT_LE(d.v_residual * d.v_residual, 2 * losses.v * (1 + 1e-5));
  EXPECT_GE(d.v_residual, 0.5 * std::sqrt(2 * losses.v));
  EXPECT_TRUE(std::isfinite(d.entropy));
}

TEST(Diagnostics, WithoutTransitionsThereAreNone) {
  const LearnerConfig c = pendulum();
  EXPECT_TRUE(
      std::isnan(diagnose(c, 0, std::vector<double>(agent_stride(c.shape)), {}, 0).entropy));
}

TEST(Newest, AreTheLastTransitionsInOrderAcrossTheRing) {
  const LearnerConfig c = pendulum();
  const auto learner = cpu::make_cpu_learner<float>(c);
  EXPECT_TRUE(learner->newest(0, 10).empty());
  learner->warm_up(5);  // 120 transitions: the ring of 100 has wrapped
  const size_t size = record_layout(c.shape).size;
  const std::vector<float> replay = learner->snapshot().agents[0].replay;
  const std::vector<float> newest = learner->newest(0, 30);
  ASSERT_EQ(newest.size(), 30 * size);
  for (size_t i = 0; i < 30; ++i) {
    const size_t slot = (120 - 30 + i) % 100;
    EXPECT_TRUE(std::equal(&newest[i * size], &newest[i * size] + size, &replay[slot * size])) << i;
  }
  EXPECT_EQ(learner->newest(0, 1000).size(), 100 * size) << "no more than there are";
}

}  // namespace
}  // namespace sac::diagnostics
