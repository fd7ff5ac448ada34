#include "kernels/env/bullet_pendulum.h"

#include <gtest/gtest.h>

#include "tests/support/golden_trajectory.h"
#include "tests/support/start_states.h"

namespace sac::env {
namespace {

constexpr std::array<double, 4> kBulletGain = {-0.8694782257080078, -1.0139039754867554,
                                               -7.180850028991699, -1.3532336950302124};

TEST(BulletPendulum, BalanceStepsInDouble) {
  expect_within(one_step_error<InvertedPendulumBullet, double>(
                    GoldenTrajectory("inverted_pendulum_bullet.csv")),
                1e-12, 0);
}

TEST(BulletPendulum, SwingupStepsInDouble) {
  expect_within(one_step_error<InvertedPendulumSwingupBullet, double>(
                    GoldenTrajectory("inverted_pendulum_swingup_bullet.csv")),
                1e-12, 1e-12);
}

// Recorded from PyBullet: both ends of the slider, hit fast and slowly, shallow and deep.
TEST(BulletPendulum, SliderEndsInDouble) {
  expect_within(
      one_step_error<InvertedPendulumBullet, double>(GoldenTrajectory("bullet_slider_ends.csv")),
      1e-12, 0);
}

// A plain float transcription is off by 1.4e-8 on the balance file, which is half a unit in the
// last place of theta_dot = 0.3 and as much from the start; the order of operations may turn the
// last bit of that once more, hence a factor 1.5 here and below.
TEST(BulletPendulum, StepsInFloat) {
  expect_within(one_step_error<InvertedPendulumBullet, float>(
                    GoldenTrajectory("inverted_pendulum_bullet.csv")),
                1.5 * 1.4e-8, 0);
  expect_within(one_step_error<InvertedPendulumSwingupBullet, float>(
                    GoldenTrajectory("inverted_pendulum_swingup_bullet.csv")),
                1.5 * 1.4e-6, 1.5 * 1.4e-6);
}

// The controller damps errors; a plain float transcription stays within 3.2e-8. In double what is
// left is the action's rounding to float: a last bit of 0.36 that turns, 3e-8, moves theta_dot by
// 100 N * 0.17 / (kg m) * 16.5 ms * 3e-8 = 8e-9; two such bits.
TEST(BulletPendulum, ClosedLoop) {
  const GoldenTrajectory golden("inverted_pendulum_bullet.csv");
  EXPECT_LT((closed_loop_error<InvertedPendulumBullet, double>(golden, kBulletGain, 0.1).state),
            1.6e-8);
  EXPECT_LT((closed_loop_error<InvertedPendulumBullet, float>(golden, kBulletGain, 0.1).state),
            1e-7);
}

TEST(BulletPendulum, OpenLoop) {
  const GoldenTrajectory golden("inverted_pendulum_swingup_bullet.csv");
  EXPECT_LT((open_loop_error<InvertedPendulumSwingupBullet, double>(golden).state), 1e-12);
  EXPECT_LT((open_loop_error<InvertedPendulumSwingupBullet, float>(golden).state), 1e-5);
}

// Damping alone takes 10 m/s from 150, and 70 rad/s from 300.
TEST(BulletPendulum, SpeedsAreClamped) {
  const double action = 0;
  CartPoleState<double> s{0, 150, 0, -300};
  InvertedPendulumBullet<double>::step(s, &action);
  EXPECT_EQ(s.vx, 100);
  EXPECT_EQ(s.theta_dot, -100);
  EXPECT_DOUBLE_EQ(s.x, 1.65);
}

TEST(BulletPendulum, BalanceEndsWhenThePoleTips) {
  const double action = 0;
  CartPoleState<double> tips{0, 0, 0.1999, 0.5};
  const auto end = InvertedPendulumBullet<double>::step(tips, &action);
  EXPECT_TRUE(end.terminated);
  EXPECT_EQ(end.reward, 1);
  CartPoleState<double> other{0, 0, -0.1999, -0.5};
  EXPECT_TRUE(InvertedPendulumBullet<double>::step(other, &action).terminated);
  CartPoleState<double> far_out{3, 0, 0.19, 0};
  EXPECT_FALSE(InvertedPendulumBullet<double>::step(far_out, &action).terminated);
}

TEST(BulletPendulum, Observation) {
  double obs[5];
  InvertedPendulumSwingupBullet<double>::observe({1, 2, 0.5, 4}, obs);
  EXPECT_EQ(obs[0], 1);
  EXPECT_EQ(obs[1], 2);
  EXPECT_EQ(obs[2], std::cos(0.5));
  EXPECT_EQ(obs[3], std::sin(0.5));
  EXPECT_EQ(obs[4], 4);
}

TEST(BulletPendulum, StartStates) {
  const auto balance = start_states<InvertedPendulumBullet<double>>(100000);
  expect_uniform(balance[2], -0.1, 0.1);
  const auto swingup = start_states<InvertedPendulumSwingupBullet<double>>(100000);
  expect_uniform(swingup[2], 3.1415 - 0.1, 3.1415 + 0.1);
  for (int c : {0, 1, 3}) {
    EXPECT_EQ(balance[c], std::vector<double>(100000, 0));
    EXPECT_EQ(swingup[c], std::vector<double>(100000, 0));
  }
}

}  // namespace
}  // namespace sac::env
