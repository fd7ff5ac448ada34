#include "host/training/panel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <regex>
#include <string>

#include "tests/support/usage_error_of.h"

namespace sac::training {
namespace {

constexpr terminal::Paint kNoColours{false};

TrainConfig pendulum_run() {
  TrainConfig config;
  config.learner.environment = environment_index("Pendulum-v1");
  config.learner.replay_capacity = 2'400'000;
  config.target_return = -200;
  config.updates = 6000;
  config.eval_every = 104;
  return config;
}

AgentRecord evaluated_agent(double mean) {
  AgentRecord a;
  a.evaluated_updates = 3000;
  a.returns = {100, mean, 33.3, 0, 0, 0};
  a.best = a.returns;
  a.losses = {0.125, 75, 2, 3};
  a.diagnostics = {.entropy = 0.61, .saturated_actions = 0.03, .q = -11.1, .q_gap = 0.71};
  return a;
}

RunRecord midway(const std::vector<double>& means) {
  RunRecord record;
  record.env_steps = 1'200'000;
  record.updates = 3000;
  record.evaluations = 1;
  record.evaluated_updates = 3000;
  record.train_seconds = 10;
  record.wall_seconds = 12;
  for (const double mean : means) record.agents.push_back(evaluated_agent(mean));
  record.failures.resize(means.size());
  record.returns = {100, means[0], 33.3, 0, 0, 0};
  return record;
}

std::vector<std::string> lines_of(const TrainConfig& config, const RunRecord& record,
                                  terminal::Size size, terminal::Paint paint = kNoColours) {
  LearningCurve curve;
  if (record.evaluations > 0) curve.add(record);
  return panel(config, record, curve, size, paint);
}

std::string text_of(const TrainConfig& config, const RunRecord& record,
                    terminal::Size size = {100, 30}) {
  std::string text;
  for (const std::string& line : lines_of(config, record, size)) text += line + '\n';
  return text;
}

TEST(Panel, ShowsCurveTimeRatesAndHealth) {
  const std::string text = text_of(pendulum_run(), midway({-812.44}));
  for (const char* part :
       {"╭─ Pendulum-v1 · seed 0 · 12.0 s ─", "-200┤⠉⠉", "0                ", "3.00k updates │",
        "return   -812.4 ± 33.3  of -200", "to go    ━━━━━━╌╌╌╌╌╌ 12.0 s",
        "steps    1.20M   120k/s", "updates  3.00k   300/s", "replay   ━━━━━━╌╌╌╌╌╌ 50 % of 2.40M",
        "loss     V 0.125  Q 2.5  π 75", "entropy  0.61    3 % saturated",
        "Q        -11.1   |Q1 - Q2| 0.71", "time     83 % in the training loop"}) {
    expect_names(text, part);
  }
}

TEST(Panel, ShowsThePresetsLimitAsOne) {
  TrainConfig config = pendulum_run();
  config.updates.reset();
  EXPECT_EQ(text_of(config, midway({-812})).find("to go"), std::string::npos);
  config.most_updates = 9000;
  expect_names(text_of(config, midway({-812})), "at most  ━━━━╌╌╌╌╌╌╌╌ 24.0 s");
}

TEST(Panel, ShowsWhoHasSolvedIt) {
  RunRecord one = midway({-150});
  EXPECT_EQ(text_of(pendulum_run(), one).find("solved"), std::string::npos);
  one.agents[0].seconds_to_solve = 4.25;
  expect_names(text_of(pendulum_run(), one), "solved   after 4.2 s, best -150.0");

  RunRecord many = midway({-1000, -600, -200, -150});
  expect_names(text_of(pendulum_run(), many), "solved   ╌╌╌╌╌╌╌╌╌╌╌╌ 0 of 4 ");
  expect_names(text_of(pendulum_run(), many), "agents   ▁▄██");
  for (const size_t p : {1, 2, 3}) many.agents[p].seconds_to_solve = 2.0 * p;
  expect_names(text_of(pendulum_run(), many), "solved   ━━━━━━━━━╌╌╌ 3 of 4 ");
  expect_names(text_of(pendulum_run(), many), "median   5.0 s to solve");
  TrainConfig four = pendulum_run();
  four.learner.agents = 4;
  expect_names(text_of(four, many), "╭─ Pendulum-v1 · 4 agents · 12.0 s ─");
}

TEST(Panel, ShowsWhoHasDiverged) {
  RunRecord record = midway({-1000, -200, std::numeric_limits<double>::quiet_NaN()});
  record.failures[2] = "loss v is nan";
  const std::string text = text_of(pendulum_run(), record);
  expect_names(text, "diverged 1 of 3 agents");
  expect_names(text, "agents   ▁█×");
  expect_names(text, "loss     V 0.125");  // of those that are sound
  EXPECT_EQ(text.find("nan"), std::string::npos) << text;
}

TEST(Panel, SaysWhatComesBeforeTheFirstEvaluation) {
  RunRecord record;
  record.agents.resize(1);
  expect_names(text_of(pendulum_run(), record), "warming up with random actions");
  record.updates = 1;
  expect_names(text_of(pendulum_run(), record), "first evaluation after 104 updates");
  expect_names(text_of(pendulum_run(), record), "return   not evaluated yet");
}

TEST(Panel, SaysHowItEnded) {
  RunRecord record = midway({-150});
  record.stop = StopReason::solved;
  expect_names(text_of(pendulum_run(), record), "ended    12.0 s, solved");
  EXPECT_EQ(text_of(pendulum_run(), record).find("to go"), std::string::npos);
}

TEST(Panel, DropsPartsAsTheTerminalGetsSmaller) {
  const RunRecord record = midway({-812});
  const auto names = [&](terminal::Size size, const char* part) {
    return text_of(pendulum_run(), record, size).find(part) != std::string::npos;
  };
  EXPECT_TRUE(names({78, 24}, "entropy"));
  EXPECT_FALSE(names({77, 24}, "entropy"));  // one above the other
  EXPECT_TRUE(names({77, 24}, "┤"));
  EXPECT_FALSE(names({77, 16}, "┤"));  // no curve
  EXPECT_TRUE(names({77, 16}, "updates"));
  EXPECT_TRUE(names({40, 10}, "return"));
  EXPECT_TRUE(lines_of(pendulum_run(), record, {39, 50}).empty());
  EXPECT_TRUE(lines_of(pendulum_run(), record, {200, 9}).empty());
}

// A line too wide would wrap, one too many would scroll the terminal at every redraw.
TEST(Panel, FitsEveryTerminal) {
  RunRecord large = midway(std::vector<double>(300, -1e7));
  large.env_steps = large.updates = 999'999'999'999;
  large.wall_seconds = 1e7;
  large.failures[0] = "loss v is nan";
  large.agents[1].seconds_to_solve = 1e6;
  TrainConfig swing_up = pendulum_run();
  swing_up.learner.environment = environment_index("InvertedPendulumSwingupBulletEnv-v0");
  swing_up.learner.agents = 300;
  for (int columns = 40; columns <= 250; ++columns) {
    for (int rows = 10; rows <= 60; rows += 5) {
      for (const RunRecord& record : {midway({-812}), large}) {
        const auto lines = lines_of(swing_up, record, {columns, rows});
        EXPECT_LE(lines.size(), static_cast<size_t>(rows / 2));
        for (const std::string& line : lines) {
          ASSERT_EQ(terminal::width(line), std::min(columns - 1, 132)) << line;
        }
      }
    }
  }
}

TEST(Panel, ColoursChangeNoCharacter) {
  const std::regex escapes("\033\\[38;5;[0-9]+m|\033\\[39m");
  for (const terminal::Size size : {terminal::Size{120, 30}, {60, 24}, {50, 10}}) {
    const auto plain = lines_of(pendulum_run(), midway({-812, -100}), size);
    auto coloured = lines_of(pendulum_run(), midway({-812, -100}), size, {true});
    ASSERT_EQ(plain.size(), coloured.size());
    for (size_t i = 0; i < plain.size(); ++i) {
      EXPECT_NE(coloured[i], plain[i]);
      EXPECT_EQ(std::regex_replace(coloured[i], escapes, ""), plain[i]);
      EXPECT_EQ(plain[i].find('\033'), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace sac::training
