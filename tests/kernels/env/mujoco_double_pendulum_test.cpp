#include "kernels/env/mujoco_double_pendulum.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/support/double_pendulum_checks.h"
#include "tests/support/start_states.h"

namespace sac::env {
namespace {

using InDouble = InvertedDoublePendulumV5<double>;

TEST(MujocoDoublePendulum, StepsInDouble) {
  const GoldenTrajectory golden("inverted_double_pendulum_mujoco.csv");
  EXPECT_LT((one_step_error<InvertedDoublePendulumV5, double>(golden).state), 1e-14);
}

// Recorded from MuJoCo: both poles free, fast and falling, clipped actions, both slider ends and
// the centimetre before them.
TEST(MujocoDoublePendulum, FlightsInDouble) {
  const GoldenTrajectory golden("mujoco_double_flights.csv");
  expect_within(one_step_error<InvertedDoublePendulumV5, double>(golden), 1e-12, 1e-12);
  EXPECT_LT(observation_error<InvertedDoublePendulumV5>(golden, "slider_force"), 1e-10);
}

// Speeds reach 20, where half a unit in the last place is 9.5e-7, and twenty stages add theirs;
// the reward has their squares.
TEST(MujocoDoublePendulum, StepsInFloat) {
  expect_within(one_step_error<InvertedDoublePendulumV5, float>(
                    GoldenTrajectory("mujoco_double_flights.csv")),
                2e-5, 2e-5);
}

// Without a controller an error grows by 1.6 per step; the file has 12.
TEST(MujocoDoublePendulum, OpenLoop) {
  const GoldenTrajectory golden("inverted_double_pendulum_mujoco.csv");
  EXPECT_LT((open_loop_error<InvertedDoublePendulumV5, double>(golden).state), 1e-11);
}

// What the last stage leaves is for the observation alone.
TEST(MujocoDoublePendulum, TheSlidersForceMovesNothing) {
  const double action = 0.3;
  InDouble::State a{{0.2, 0.1, -0.2, 0.5, 1, -1}, 0}, b{{0.2, 0.1, -0.2, 0.5, 1, -1}, 7};
  EXPECT_EQ(InDouble::step(a, &action).reward, InDouble::step(b, &action).reward);
  EXPECT_EQ(a.motion.x, b.motion.x);
  EXPECT_EQ(a.motion.omega2, b.motion.omega2);
  EXPECT_EQ(b.slider_force, 0);  // far from the ends
}

TEST(MujocoDoublePendulum, EndsWhenTheTipIsLow) {
  const double action = 0;
  InDouble::State low{{0, 0.8, 0.2, 0, 1, 1}, 0};
  const auto end = InDouble::step(low, &action);
  EXPECT_TRUE(end.terminated);
  EXPECT_LT(end.reward, -1);
  InDouble::State upright{};
  const auto on = InDouble::step(upright, &action);
  EXPECT_FALSE(on.terminated);
  EXPECT_NEAR(on.reward, 9.36, 1e-3);
  InDouble::State unknown{{0, std::numeric_limits<double>::quiet_NaN(), 0, 0, 0, 0}, 0};
  EXPECT_TRUE(InDouble::step(unknown, &action).terminated);
}

TEST(MujocoDoublePendulum, ActionIsClipped) {
  InDouble::State a{}, b{};
  const double bound = 1, beyond = 50;
  InDouble::step(a, &bound);
  InDouble::step(b, &beyond);
  EXPECT_EQ(a.motion.vx, b.motion.vx);
  EXPECT_GT(a.motion.vx, 0);
}

TEST(MujocoDoublePendulum, ObservationIsClipped) {
  double obs[9];
  InDouble::observe({{1, 0.5, -0.2, 2, 13, -14}, 1500}, obs);
  const double expected[] = {
      1, std::sin(0.5), std::sin(-0.2), std::cos(0.5), std::cos(0.2), 2, 10, -10, 10};
  for (int i = 0; i < 9; ++i) EXPECT_DOUBLE_EQ(obs[i], expected[i]) << i;
}

/// The share of `samples` within so many standard deviations of 0.1.
double share_within(const std::vector<double>& samples, double deviations) {
  const auto within = [&](double v) { return std::abs(v) < 0.1 * deviations; };
  return static_cast<double>(std::ranges::count_if(samples, within)) /
         static_cast<double>(samples.size());
}

TEST(MujocoDoublePendulum, StartStates) {
  const auto states = start_states<InDouble>(100000);
  for (size_t c = 0; c < 6; ++c) {
    for (size_t other = 0; other < c; ++other) expect_uncorrelated(states[c], states[other]);
  }
  for (size_t c : {0, 1, 2}) expect_uniform(states[c], -0.1, 0.1);
  for (size_t c : {3, 4, 5}) {  // five standard errors of a normal's shares
    EXPECT_NEAR(share_within(states[c], 1), 0.6827, 5 * 0.0015);
    EXPECT_NEAR(share_within(states[c], 2), 0.9545, 5 * 0.0007);
  }
  EXPECT_EQ(states[6], std::vector<double>(100000, 0));
}

}  // namespace
}  // namespace sac::env
