#include "host/training/progress.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
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

TEST(EvaluationLine, LeavesToThePanelWhatItShows) {
  RunRecord record = midway();
  record.agents.resize(3);
  record.agents[1].seconds_to_solve = 4;
  record.returns = {64, 812.44, 33.3, 0, 0, 0};
  const std::string line =
      "12.0 s | return 812.4 +- 33.3, 1 of 3 solved | 1.20M steps | 3.00k updates";
  const int width = static_cast<int>(line.size());
  EXPECT_EQ(evaluation_line(record, width), line);
  EXPECT_EQ(evaluation_line(record, width - 1),
            "12.0 s | return 812.4 +- 33.3, 1 of 3 solved | 1.20M steps");
  EXPECT_EQ(evaluation_line(record, 20), "12.0 s | return 812.4 +- 33.3, 1 of 3 solved");
}

/// Standard output is no terminal in a test: its size is taken to be 80 by 24.
class LiveDisplay : public testing::Test {
 protected:
  static void pass_time() { std::this_thread::sleep_for(std::chrono::milliseconds(120)); }

  std::string taken() {
    const std::string text = out_.str();
    out_.str("");
    return text;
  }

  const TrainConfig config_{};
  std::ostringstream out_;
  ProgressDisplay display_{config_, ProgressMode::live, out_};
};

TEST_F(LiveDisplay, LeavesTheCursorAboveThePanel) {
  pass_time();
  display_.tick(midway());
  const std::string frame = taken();
  EXPECT_TRUE(frame.starts_with("\033[?2026h\r\033[K\n")) << frame;
  const auto lines = std::ranges::count(frame, '\n');
  EXPECT_GE(lines, 10);
  EXPECT_TRUE(frame.ends_with(fmt::format("╯\033[39m\033[K\033[J\r\033[{}A\033[?2026l", lines)))
      << frame;
}

TEST_F(LiveDisplay, IsDrawnTenTimesASecondAtMost) {
  pass_time();
  for (int i = 0; i < 100; ++i) display_.tick(midway());
  const std::string frames = taken();
  EXPECT_EQ(frames.find("2026h"), frames.rfind("2026h"));
}

TEST_F(LiveDisplay, EvaluationsStayAboveThePanel) {
  const std::string line = evaluation_line(midway(), 80) + '\n';
  display_.evaluated(midway());
  EXPECT_EQ(taken(), line) << "with no panel there";
  pass_time();
  display_.tick(midway());
  taken();
  for (int i = 0; i < 2; ++i) display_.evaluated(midway());
  display_.tick(midway());
  EXPECT_EQ(taken(), "") << "they wait for the next panel";
  pass_time();
  display_.tick(midway());
  EXPECT_TRUE(taken().starts_with("\033[?2026h\r\033[J" + line + line + "\033[K\n"));
}

TEST_F(LiveDisplay, TheLastPanelStays) {
  display_.evaluated(midway());
  pass_time();
  display_.tick(midway());
  display_.note("waits");
  taken();
  display_.ended(midway());
  const std::string last = taken();
  EXPECT_TRUE(last.starts_with("\r\033[Jwaits\n")) << last;
  EXPECT_TRUE(last.ends_with("╯\033[39m\033[K\033[J\n")) << last;
  display_.note("done");
  EXPECT_EQ(taken(), "done\n");
}

TEST_F(LiveDisplay, AnErrorFindsNoPanel) {
  {
    ProgressDisplay display(config_, ProgressMode::live, out_);
    pass_time();
    display.tick(midway());
    display.note("waits");
    taken();
  }
  EXPECT_EQ(taken(), "\r\033[Jwaits\n");
}

}  // namespace
}  // namespace sac::training
