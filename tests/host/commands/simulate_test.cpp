#include "host/commands/commands.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "host/base/usage_error.h"
#include "host/commands/command_line.h"
#include "host/files/csv.h"
#include "kernels/env/registry.h"
#include "tests/support/golden_trajectory.h"
#include "tests/support/temporary_directory.h"

namespace sac::commands {
namespace {

/// The cells of every line.
std::vector<std::vector<std::string>> table(std::istream& in) {
  std::vector<std::vector<std::string>> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(files::comma_separated(line));
  return lines;
}

std::vector<std::vector<std::string>> golden_table(const std::string& name) {
  std::ifstream file(GoldenTrajectory::path(name));
  return table(file);
}

std::vector<std::vector<std::string>> simulated(const SimulateOptions& options) {
  std::stringstream out;
  std::ostringstream notes;
  simulate(options, out, notes);
  return table(out);
}

/// Prints `name` anew from its first state and compares the first `rows` lines cell by cell, as far
/// as the file has columns.
void expect_golden(const std::string& id, const std::string& name, const std::string& state,
                   size_t rows) {
  const auto golden = golden_table(name);
  const auto ours = simulated({.environment = id,
                               .actions = GoldenTrajectory::path(name),
                               .state = state,
                               .in_double = true});
  ASSERT_EQ(ours.size(), golden.size());
  EXPECT_EQ(ours[0].back(), "truncated");  // of which the engines' files know nothing
  EXPECT_TRUE(std::equal(golden[0].begin(), golden[0].end(), ours[0].begin()));
  for (size_t row = 1; row < rows; ++row) {
    ASSERT_GT(ours[row].size(), golden[row].size());
    for (size_t c = 0; c < golden[row].size(); ++c) {
      const std::string &cell = ours[row][c], &expected = golden[row][c];
      ASSERT_EQ(cell.empty(), expected.empty());
      EXPECT_NEAR(std::atof(cell.c_str()), std::atof(expected.c_str()), 1e-12) << row << ' ' << c;
    }
  }
}

TEST(Simulate, PrintsGoldenTrajectories) {
  expect_golden("InvertedPendulumSwingupBulletEnv-v0", "inverted_pendulum_swingup_bullet.csv",
                "0,0,3.1415,0", 202);
  expect_golden("Pendulum-v1", "pendulum_v1.csv", "3,0.5", 202);
}

// Without their controller the balance tasks multiply a rounding error of 1e-16 by 1.087 and 1.199
// per step: after 40 steps it is 3e-15 and 1.4e-13.
TEST(Simulate, PrintsTheStartOfUnstableTrajectories) {
  expect_golden("InvertedPendulumBulletEnv-v0", "inverted_pendulum_bullet.csv", "0,0,0.05,0", 40);
  expect_golden("InvertedPendulum-v5", "inverted_pendulum_mujoco.csv",
                "x=0.005,theta=0.008,vx=-0.006,theta_dot=0.009", 40);
}

// What a name does not stand for in the state is not printed, and is not asked for.
TEST(Simulate, PrintsTheStartOfDoublePendulums) {
  constexpr size_t kRows = 12;  // an error grows by up to 1.6 a step
  expect_golden("InvertedDoublePendulumBulletEnv-v0", "inverted_double_pendulum_bullet.csv",
                "x=0,theta1=0.03,theta2=-0.02,vx=0,omega1=0,omega2=0", kRows);
  expect_golden("InvertedDoublePendulum-v5", "inverted_double_pendulum_mujoco.csv",
                "x=0.02,theta1=0.03,theta2=-0.02,vx=0.01,omega1=-0.02,omega2=0.03", kRows);
}

TEST(Simulate, FirstAndLastRow) {
  const auto golden = golden_table("pendulum_v1.csv");
  const auto ours = simulated({.environment = "Pendulum-v1",
                               .actions = GoldenTrajectory::path("pendulum_v1.csv"),
                               .state = "3,0.5",
                               .in_double = true});
  const std::vector<std::string> first(ours[1].begin(), ours[1].end() - 1);
  EXPECT_EQ(first, golden[1]);  // digit by digit
  const std::vector<std::string> end(ours[201].end() - 4, ours[201].end());
  EXPECT_EQ(end, (std::vector<std::string>{"", "", "", ""}));
}

TEST(Simulate, ComputesInFloatByDefault) {
  const auto ours =
      simulated({.actions = GoldenTrajectory::path("pendulum_v1.csv"), .state = "0.1,0,0.01,-0.3"});
  ASSERT_EQ(ours.size(), 202u);
  for (size_t row = 1; row < ours.size(); ++row) {
    for (size_t c = 1; c <= 4; ++c) {
      const double value = std::atof(ours[row][c].c_str());
      EXPECT_EQ(value, static_cast<float>(value)) << row << ' ' << c;
    }
  }
  EXPECT_NE(std::atof(ours[1][1].c_str()), 0.1);
}

// What follows a terminating step goes on: no reset, and the pole falls further.
TEST(Simulate, GoesOnAfterTermination) {
  const auto ours = simulated(
      {.actions = GoldenTrajectory::path("inverted_pendulum_bullet.csv"), .state = "0,0,0.19,1"});
  EXPECT_EQ(ours[1].end()[-2], "1");
  EXPECT_EQ(ours[2].end()[-2], "1");
  EXPECT_GT(std::atof(ours[3][3].c_str()), std::atof(ours[2][3].c_str()));
}

TEST(Simulate, ResetsBySeed) {
  const std::string actions = GoldenTrajectory::path("inverted_pendulum_bullet.csv");
  const auto ours = simulated({.actions = actions, .in_double = true, .seed = 5});
  ResetDraws<double> draws({5}, Purpose::reset, 0, 0);
  const auto state = env::InvertedPendulumBullet<double>::reset(draws);
  EXPECT_DOUBLE_EQ(std::atof(ours[1][3].c_str()), state.theta);
  EXPECT_EQ(ours, simulated({.actions = actions, .in_double = true, .seed = 5}));
  EXPECT_NE(ours, simulated({.actions = actions, .in_double = true, .seed = 6}));
}

/// The message with which options are refused; nothing may have been printed.
std::string refusal(const SimulateOptions& options) {
  std::ostringstream out, notes;
  try {
    simulate(options, out, notes);
  } catch (const UsageError& error) {
    EXPECT_EQ(out.str() + notes.str(), "");
    return error.what();
  }
  return "accepted";
}

/// The notes on a trajectory of so many actions of Pendulum-v1, which is cut after 200.
std::string notes_on(const std::string& actions, const std::string& environment,
                     const std::string& state) {
  std::ostringstream out, notes;
  simulate({.environment = environment, .actions = actions, .state = state}, out, notes);
  return notes.str();
}

TEST(Simulate, MarksTheStepLimitAndSaysSoWhereItGoesOn) {
  const TemporaryDirectory directory;
  const std::string actions = (directory / "actions.csv").string();
  std::string content = "action\n";
  for (int t = 0; t < 200; ++t) content += "0.5\n";
  put_file(actions, content);
  EXPECT_EQ(notes_on(actions, "Pendulum-v1", "3,0"), "");
  put_file(actions, content + "0.5\n");
  EXPECT_EQ(notes_on(actions, "Pendulum-v1", "3,0"),
            "sac_cuda: the episode ends at t = 199: the limit of 200 steps; the rows after it go "
            "on without a "
            "reset\n");
  const auto rows = simulated({.environment = "Pendulum-v1", .actions = actions, .state = "3,0"});
  for (size_t t = 0; t <= 200; ++t) {
    EXPECT_EQ(rows[t + 1].back(), t < 199 ? "0" : "1") << t;
    EXPECT_EQ(rows[t + 1].end()[-2], "0") << t;
  }
}

TEST(Simulate, SaysWhereItGoesOnAfterTermination) {
  EXPECT_EQ(notes_on(GoldenTrajectory::path("inverted_pendulum_bullet.csv"),
                     "InvertedPendulumBulletEnv-v0", "0,0,0.19,1"),
            "sac_cuda: the episode ends at t = 0: it terminates; the rows after it go on without a "
            "reset\n");
}

TEST(Simulate, TakesTheStateByNamesInAnyOrder) {
  const std::string actions = GoldenTrajectory::path("inverted_pendulum_mujoco.csv");
  const auto rows = simulated({.environment = "InvertedPendulum-v5",
                               .actions = actions,
                               .state = "theta_dot=4, vx=2,x=1,theta=3",
                               .in_double = true});
  EXPECT_EQ(std::vector<std::string>(rows[1].begin() + 1, rows[1].begin() + 5),
            (std::vector<std::string>{"1", "2", "3", "4"}));
}

TEST(Simulate, RefusesStatesThatSayTooLittleOrTooMuch) {
  const std::string actions = GoldenTrajectory::path("pendulum_v1.csv");
  const auto error = [&](const std::string& environment, const std::string& state) {
    return refusal({.environment = environment, .actions = actions, .state = state});
  };
  EXPECT_EQ(error("InvertedPendulum-v5", "1,2,3,4"),
            "--state 1,2,3,4: InvertedPendulum-v5's columns are x,vx,theta,theta_dot, its "
            "observation x,theta,vx,theta_dot: expected names, "
            "x=...,vx=...,theta=...,theta_dot=...");
  EXPECT_EQ(error("InvertedDoublePendulum-v5", "1,2"),
            "--state 1,2: expected 6 numbers for InvertedDoublePendulum-v5: "
            "x,theta1,theta2,vx,omega1,omega2");
  const std::string expects = "; Pendulum-v1 expects theta=...,theta_dot=...";
  EXPECT_EQ(error("Pendulum-v1", "theta=1"), "--state theta=1: theta_dot is missing" + expects);
  EXPECT_EQ(error("Pendulum-v1", "theta=1,theta=1"),
            "--state theta=1,theta=1: theta stands twice" + expects);
  EXPECT_EQ(error("Pendulum-v1", "theta=1,2"), "--state theta=1,2: '2' has no name" + expects);
  EXPECT_EQ(error("Pendulum-v1", "theta=1,x=2"), "--state theta=1,x=2: there is no 'x'" + expects);
  EXPECT_EQ(error("Pendulum-v1", "theta=1,theta_dot="),
            "--state theta_dot '': expected a finite number");
}

TEST(Simulate, RefusesBadOptions) {
  const std::string actions = GoldenTrajectory::path("pendulum_v1.csv");
  EXPECT_EQ(refusal({.environment = "Cart", .actions = actions}).find("--env Cart: expected "), 0u);
  EXPECT_EQ(refusal({.actions = actions, .device = "cuda"}), "--device cuda: expected auto or cpu");
  EXPECT_EQ(refusal({.actions = actions, .device = "gpu"}), "--device gpu: expected auto or cpu");
  EXPECT_EQ(refusal({.environment = "Pendulum-v1", .actions = actions, .state = "1,2,3"}),
            "--state 1,2,3: expected 2 numbers for Pendulum-v1: theta,theta_dot");
  EXPECT_EQ(refusal({.environment = "Pendulum-v1", .actions = actions, .state = "1,nan"}),
            "--state nan: expected a finite number");
  EXPECT_EQ(refusal({.actions = actions, .state = ""}).find("--state '': expected 4 numbers"), 0u);
  EXPECT_EQ(refusal({.actions = "/no/such.csv"}),
            "/no/such.csv: cannot be read: No such file or directory");
}

// As a user types it: a state that begins with a minus sign is a value, not an option.
TEST(Simulate, CommandLine) {
  testing::internal::CaptureStdout();
  EXPECT_EQ(run_command_line({"simulate", "--env", "Pendulum-v1", "--state", "-1,0.5", "--double",
                              "--device", "cpu", "--seed", "3", "--actions",
                              GoldenTrajectory::path("pendulum_v1.csv")}),
            0);
  std::istringstream printed(testing::internal::GetCapturedStdout());
  EXPECT_EQ(table(printed)[1][1], "-1");
  testing::internal::CaptureStderr();
  EXPECT_EQ(run_command_line({"simulate", "--env", "Pendulum-v1"}), 2);
  EXPECT_NE(testing::internal::GetCapturedStderr().find("--actions"), std::string::npos);
}

}  // namespace
}  // namespace sac::commands
