#include "kernels/env/mujoco_pendulum.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/support/golden_trajectory.h"
#include "tests/support/start_states.h"

namespace sac::env {
namespace {

constexpr std::array<double, 4> kMujocoGain = {-0.7223724722862244, -0.9232639670372009,
                                               -6.830042362213135, -1.084457516670227};

TEST(MujocoPendulum, StepsInDouble) {
  expect_within(
      one_step_error<InvertedPendulumV5, double>(GoldenTrajectory("inverted_pendulum_mujoco.csv")),
      1e-12, 0);
}

// Recorded from MuJoCo: both ends of the slider, hit fast and slowly, deep and within the first
// millimetre, and steps that end an episode.
TEST(MujocoPendulum, SliderEndsInDouble) {
  expect_within(
      one_step_error<InvertedPendulumV5, double>(GoldenTrajectory("mujoco_slider_ends.csv")), 1e-12,
      0);
}

// Speeds reach 0.09, where half a unit in the last place is 4e-9: once from the start, once from
// the result, and as much again from the terms of eight Runge-Kutta stages.
TEST(MujocoPendulum, StepsInFloat) {
  expect_within(
      one_step_error<InvertedPendulumV5, float>(GoldenTrajectory("inverted_pendulum_mujoco.csv")),
      1.6e-8, 0);
}

// In double what is left is the action's rounding to float: a last bit of 0.06 that turns, 4e-9,
// moves theta_dot by 100 N * 0.2 / (kg m) * 40 ms * 4e-9 = 3e-9; two such bits. In float, the
// errors of single steps; the controller damps them, so that about five are alive at once.
TEST(MujocoPendulum, ClosedLoop) {
  const GoldenTrajectory golden("inverted_pendulum_mujoco.csv");
  EXPECT_LT((closed_loop_error<InvertedPendulumV5, double>(golden, kMujocoGain, 0.05).state), 6e-9);
  EXPECT_LT((closed_loop_error<InvertedPendulumV5, float>(golden, kMujocoGain, 0.05).state), 1e-7);
}

TEST(MujocoPendulum, EndsWhenThePoleTipsOrNothingIsFinite) {
  const double action = 0;
  CartPoleState<double> tips{0, 0, -0.199, -0.5};
  const auto end = InvertedPendulumV5<double>::step(tips, &action);
  EXPECT_TRUE(end.terminated);
  EXPECT_EQ(end.reward, 0);
  CartPoleState<double> far_out{0.999, 0, 0.15, 0};
  const auto on = InvertedPendulumV5<double>::step(far_out, &action);
  EXPECT_FALSE(on.terminated);
  EXPECT_EQ(on.reward, 1);
  CartPoleState<double> lost{std::numeric_limits<double>::infinity(), 0, 0, 0};
  EXPECT_TRUE(InvertedPendulumV5<double>::step(lost, &action).terminated);
  CartPoleState<double> unknown{0, 0, std::nan(""), 0};
  EXPECT_TRUE(InvertedPendulumV5<double>::step(unknown, &action).terminated);
}

TEST(MujocoPendulum, ActionIsClipped) {
  CartPoleState<double> a{}, b{};
  const double bound = 3, beyond = 50;
  InvertedPendulumV5<double>::step(a, &bound);
  InvertedPendulumV5<double>::step(b, &beyond);
  EXPECT_EQ(a.vx, b.vx);
  EXPECT_GT(a.vx, 0);
}

TEST(MujocoPendulum, Observation) {
  double obs[4];
  InvertedPendulumV5<double>::observe({1, 2, 3, 4}, obs);
  EXPECT_EQ(obs[0], 1);
  EXPECT_EQ(obs[1], 3);
  EXPECT_EQ(obs[2], 2);
  EXPECT_EQ(obs[3], 4);
}

TEST(MujocoPendulum, StartStates) {
  const auto states = start_states<InvertedPendulumV5<double>>(100000);
  for (size_t c = 0; c < 4; ++c) {
    expect_uniform(states[c], -0.01, 0.01);
    for (size_t other = 0; other < c; ++other) expect_uncorrelated(states[c], states[other]);
  }
}

}  // namespace
}  // namespace sac::env
