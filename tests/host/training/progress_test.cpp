#include "host/training/progress.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <sstream>
#include <string>
#include <thread>

#include "tests/support/usage_error_of.h"

namespace sac::training {
namespace {

RunRecord midway() {
  RunRecord record;
  record.env_steps = 1'200'000;
  record.updates = 3000;
  record.train_seconds = 10;
  record.wall_seconds = 12;
  return record;
}

TEST(ProgressLine, ShowsTimeCountsAndRates) {
  EXPECT_EQ(progress_line({}, midway()), "12.0 s | 1.20M steps, 120k/s | 3.00k updates, 300/s");
}

TEST(ProgressLine, ShowsReturnAndTimeLeft) {
  TrainConfig config;
  config.updates = 6000;
  RunRecord record = midway();
  record.agents.resize(1);
  record.returns = {64, 812.44, 33.3, 0, 0, 0};
  EXPECT_EQ(
      progress_line(config, record),
      "12.0 s, ETA 12.0 s | return 812.4 +- 33.3 | 1.20M steps, 120k/s | 3.00k updates, 300/s");
  record.wall_seconds = 3725;
  EXPECT_EQ(progress_line({}, record).substr(0, 8), "1:02 h |");
  record.agents.resize(3);
  record.agents[1].seconds_to_solve = 4;
  expect_names(progress_line({}, record), "| return 812.4 +- 33.3, 1 of 3 solved |");
}

TEST(SecondsLeft, IsThatOfTheNearestLimit) {
  TrainConfig config;
  EXPECT_FALSE(seconds_left(config, midway()).has_value());
  config.steps = 2'400'000;
  EXPECT_DOUBLE_EQ(*seconds_left(config, midway()), 12);
  config.updates = 4000;
  EXPECT_DOUBLE_EQ(*seconds_left(config, midway()), 4);
  config.time_limit = 15;
  EXPECT_DOUBLE_EQ(*seconds_left(config, midway()), 3);
  config.time_limit = 11;
  EXPECT_DOUBLE_EQ(*seconds_left(config, midway()), 0);
}

TEST(SecondsLeft, NeedsAPace) {
  TrainConfig config;
  config.updates = 100;
  EXPECT_FALSE(seconds_left(config, RunRecord{}).has_value());
}

TEST(ProgressDisplay, QuietPrintsNothing) {
  const TrainConfig config{};
  std::ostringstream out;
  ProgressDisplay display(config, ProgressMode::quiet, out);
  display.note("hello");
  display.evaluated(midway());
  display.tick(midway());
  EXPECT_EQ(out.str(), "");
}

TEST(ProgressDisplay, LinesAreWholeLines) {
  const TrainConfig config{};
  std::ostringstream out;
  ProgressDisplay display(config, ProgressMode::lines, out);
  display.note("hello");
  display.evaluated(midway());
  display.tick(midway());  // not ten seconds later
  EXPECT_EQ(out.str(), fmt::format("hello\n{}\n", progress_line({}, midway())));
}

TEST(ProgressDisplay, LiveLineIsReplaced) {
  const TrainConfig config{};
  std::ostringstream out;
  ProgressDisplay display(config, ProgressMode::live, out);
  std::this_thread::sleep_for(std::chrono::milliseconds(120));
  display.tick(midway());
  EXPECT_EQ(out.str(), fmt::format("\r{}\033[K", progress_line({}, midway())));
  out.str("");
  display.note("done");
  EXPECT_EQ(out.str(), "\r\033[Kdone\n");
}

TEST(ProgressDisplay, EvaluationsStayOnTheTerminal) {
  const TrainConfig config{};
  std::ostringstream out;
  ProgressDisplay display(config, ProgressMode::live, out);
  for (int i = 0; i < 2; ++i) display.evaluated(midway());
  const std::string line = progress_line({}, midway());
  EXPECT_EQ(out.str(), line + '\n' + line + '\n');
}

}  // namespace
}  // namespace sac::training
