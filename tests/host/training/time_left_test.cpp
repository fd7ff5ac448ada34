#include "host/training/time_left.h"

#include <gtest/gtest.h>

namespace sac::training {
namespace {

RunRecord halfway() {
  RunRecord record;
  record.env_steps = 1'200'000;
  record.updates = 3000;
  record.wall_seconds = 12;
  return record;
}

TEST(SecondsLeft, IsThatOfTheNearestLimit) {
  TrainConfig config;
  EXPECT_FALSE(seconds_left(config, halfway()).has_value());
  config.steps = 2'400'000;
  EXPECT_DOUBLE_EQ(*seconds_left(config, halfway()), 12);
  config.updates = 4000;
  EXPECT_DOUBLE_EQ(*seconds_left(config, halfway()), 4);
  config.time_limit = 15;
  EXPECT_DOUBLE_EQ(*seconds_left(config, halfway()), 3);
  config.time_limit = 11;
  EXPECT_DOUBLE_EQ(*seconds_left(config, halfway()), 0);
}

TEST(SecondsLeft, NeedsAPace) {
  TrainConfig config;
  config.updates = 100;
  EXPECT_FALSE(seconds_left(config, RunRecord{}).has_value());
}

TEST(SecondsLeft, ThePresetsLimitIsNoPrediction) {
  TrainConfig config;
  EXPECT_FALSE(seconds_left_at_most(config, halfway()).has_value());
  config.most_updates = 6000;
  EXPECT_FALSE(seconds_left(config, halfway()).has_value());
  EXPECT_DOUBLE_EQ(*seconds_left_at_most(config, halfway()), 12);
}

}  // namespace
}  // namespace sac::training
