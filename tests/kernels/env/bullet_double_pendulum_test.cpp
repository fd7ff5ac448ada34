#include "kernels/env/bullet_double_pendulum.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/support/double_pendulum_checks.h"
#include "tests/support/start_states.h"

namespace sac::env {
namespace {

using InDouble = InvertedDoublePendulumBullet<double>;

TEST(BulletDoublePendulum, StepsInDouble) {
  const GoldenTrajectory golden("inverted_double_pendulum_bullet.csv");
  EXPECT_LT((one_step_error<InvertedDoublePendulumBullet, double>(golden).state), 1e-14);
}

// Recorded from PyBullet: both poles free, fast and falling, clipped actions, both slider ends.
TEST(BulletDoublePendulum, FlightsInDouble) {
  const GoldenTrajectory golden("bullet_double_flights.csv");
  expect_within(one_step_error<InvertedDoublePendulumBullet, double>(golden), 1e-13, 1e-13);
  EXPECT_LT(observation_error<InvertedDoublePendulumBullet>(golden, "late_x2"), 1e-14);
}

// Speeds reach 12, where half a unit in the last place is 4.8e-7: once from the start, once from
// the result, and twice as much from the terms of the accelerations.
TEST(BulletDoublePendulum, StepsInFloat) {
  expect_within(one_step_error<InvertedDoublePendulumBullet, float>(
                    GoldenTrajectory("bullet_double_flights.csv")),
                3e-6, 2e-6);
}

// Without a controller an error grows by 1.1 to 1.2 per step; the file has 40.
TEST(BulletDoublePendulum, OpenLoop) {
  const GoldenTrajectory golden("inverted_double_pendulum_bullet.csv");
  EXPECT_LT((open_loop_error<InvertedDoublePendulumBullet, double>(golden).state), 1e-11);
}

// What is late: reward and end belong to the place before the step, and so does the observation
// after it.
TEST(BulletDoublePendulum, SeesTheSecondPoleOneStepLate) {
  const double action = 0, height = 0.6 * std::cos(0.3) + 0.3 * std::cos(0.1) + 0.3;
  InDouble::State s{0.2, 0.3, -0.2, 1, 2, -1};
  const auto outcome = InDouble::step(s, &action);
  const double x2 = 0.2 + 0.6 * std::sin(0.3) + 0.3 * std::sin(0.1);
  EXPECT_NEAR(outcome.reward, 10 - 0.01 * x2 * x2 - (height - 2) * (height - 2), 1e-6);
  EXPECT_FALSE(outcome.terminated);
  double obs[9];
  InDouble::observe(s, obs);
  EXPECT_NEAR(obs[2], x2, 1e-7);
}

// Pole 2 falls below the mark within a step, and the episode ends with the next.
TEST(BulletDoublePendulum, EndsAStepAfterPoleTwoIsLow) {
  const double action = 0;
  const auto height = [](const InDouble::State& s) {
    return 0.6 * std::cos(s.theta1) + 0.3 * std::cos(s.theta1 + s.theta2) + 0.3;
  };
  InDouble::State s{0, 0.64, 0.07, 0, 2, 1};
  ASSERT_GT(height(s), 1);
  EXPECT_FALSE(InDouble::step(s, &action).terminated);
  ASSERT_LT(height(s), 1);
  const auto end = InDouble::step(s, &action);
  EXPECT_TRUE(end.terminated);
  EXPECT_GT(end.reward, 8.9);  // the terminating step has its reward too
  InDouble::State unknown{0, std::numeric_limits<double>::quiet_NaN(), 0, 0, 0, 0};
  EXPECT_TRUE(InDouble::step(unknown, &action).terminated);
}

TEST(BulletDoublePendulum, SpeedsAreClampedAndActionsClipped) {
  const double action = 0, bound = 1, beyond = 7;
  InDouble::State s{0, 0, 0, 150, -300, 500};
  InDouble::step(s, &action);
  EXPECT_EQ(s.vx, 100);
  EXPECT_EQ(s.omega1, -100);
  EXPECT_EQ(s.omega2, 100);
  InDouble::State a{}, b{};
  InDouble::step(a, &bound);
  InDouble::step(b, &beyond);
  EXPECT_EQ(a.vx, b.vx);
  EXPECT_GT(a.vx, 0);
}

TEST(BulletDoublePendulum, Observation) {
  double obs[9];
  InDouble::observe({1, 0.5, -0.2, 2, 3, 4}, obs);
  const double late1 = 0.5 - 0.0165 * 3, late2 = late1 - 0.2 - 0.0165 * 4;
  const double expected[] = {1,
                             2,
                             1 - 0.0165 * 2 + 0.6 * std::sin(late1) + 0.3 * std::sin(late2),
                             std::cos(0.5),
                             std::sin(0.5),
                             3,
                             std::cos(0.2),
                             -std::sin(0.2),
                             4};
  for (int i = 0; i < 9; ++i) EXPECT_NEAR(obs[i], expected[i], 1e-7) << i;
}

// At rest: what is late is then the place itself.
TEST(BulletDoublePendulum, StartStates) {
  const auto states = start_states<InDouble>(100000);
  expect_uniform(states[1], -0.1, 0.1);
  expect_uniform(states[2], -0.1, 0.1);
  expect_uncorrelated(states[1], states[2]);
  for (int c : {0, 3, 4, 5}) EXPECT_EQ(states[c], std::vector<double>(100000, 0));
}

}  // namespace
}  // namespace sac::env
