#include "host/training/outcomes.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <vector>

#include "tests/support/usage_error_of.h"

namespace sac::training {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

TEST(Outcomes, AreThoseOfTheAgents) {
  RunRecord record;
  record.agents.resize(2);
  record.agents[0].returns = {100, -900, 1, 0, 0, 200};  // fell back since
  record.agents[0].best = {400, -150, 5, -200, -100, 200};
  record.agents[0].seconds_to_solve = 2.5;
  record.agents[0].updates_to_solve = 700;
  const std::vector<Outcome> all = outcomes(record);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].score, -150);
  EXPECT_EQ(all[0].seconds_to_solve, 2.5);
  EXPECT_EQ(all[0].updates_to_solve, 700);
  EXPECT_TRUE(std::isnan(all[1].score));
  EXPECT_FALSE(all[1].seconds_to_solve.has_value());
}

TEST(Outcomes, StatisticsCountTheUnsolvedAsNever) {
  const std::vector<Outcome> all{
      {-150, 1.0, 100}, {-160, 3.0, 300}, {-900, {}, {}}, {kNone, {}, {}}, {-140, 2.0, 200}};
  const OutcomeStatistics s = compare(all);
  EXPECT_EQ(s.agents, 5);
  EXPECT_EQ(s.solved, 3);
  EXPECT_EQ(s.median_seconds, 3.0);
  EXPECT_EQ(s.median_updates, 300.0);
  EXPECT_EQ(s.interquartile_mean, -155);  // of -150 and -160
  EXPECT_LT(s.share.low, 0.6);
  EXPECT_GT(s.share.high, 0.6);
  expect_names(in_words(s),
               "3 of 5 agents solved (60.0 %, 95 % interval 23.1 to 88.2); interquartile mean of "
               "their returns -155.0 (");
  expect_names(in_words(s), "; median to solve 300 updates, 3.0 s");
}

TEST(Outcomes, WithoutASolvedHalfThereIsNoMedian) {
  const std::vector<Outcome> all{{-150, 1.0, 100}, {-900, {}, {}}, {-900, {}, {}}};
  EXPECT_FALSE(compare(all).median_seconds.has_value());
  const auto json = to_json(compare(all));
  EXPECT_TRUE(json["median_seconds_to_solve"].is_null());
  EXPECT_EQ(json["solved"], 1);
}

TEST(Outcomes, WithoutAScoreThereIsNoMean) {
  const std::vector<Outcome> none{{kNone, {}, {}}};
  EXPECT_TRUE(to_json(compare(none))["return_iqm"].is_null());
  EXPECT_EQ(in_words(compare(none)).find("interquartile"), std::string::npos);
}

}  // namespace
}  // namespace sac::training
