#include "host/training/loss_warning.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/usage_error_of.h"

namespace sac::training {
namespace {

LearnerConfig bullet() {
  LearnerConfig config;  // rewards of 1, scaled by 2, discounted by 0.99: values up to 200
  return config;
}

RunRecord with(const Losses& losses) {
  RunRecord record;
  record.updates = 700;
  record.agents.resize(2);
  record.agents[1].losses = losses;
  return record;
}

TEST(LossWarning, KnowsWhatRewardsExplain) {
  EXPECT_NEAR(largest_plausible_loss(bullet()), 100 * 200.0 * 200, 1e-3);
  LearnerConfig undiscounted = bullet();
  undiscounted.hyper.gamma = 1;
  EXPECT_TRUE(std::isfinite(largest_plausible_loss(undiscounted)));
}

TEST(LossWarning, IsSilentOnOrdinaryLosses) {
  EXPECT_EQ(loss_warning(bullet(), RunRecord{}), "");
  EXPECT_EQ(loss_warning(bullet(), with({40'000, -200, 40'000, 40'000})), "");
}

TEST(LossWarning, NamesTheLossTheAgentAndTheUpdates) {
  const std::string line = loss_warning(bullet(), with({1, 2, 1e24, 3}));
  expect_names(line, "loss q1 of agent 1 is 1.0e+24 after 700 updates");
  expect_names(loss_warning(bullet(), with({1, -1e9, 1, 3})), "loss pi");
}

TEST(LossWarning, LeavesInfiniteOnesToTheTrainer) {
  EXPECT_EQ(loss_warning(bullet(), with({NAN, INFINITY, 1, 3})), "");
}

}  // namespace
}  // namespace sac::training
