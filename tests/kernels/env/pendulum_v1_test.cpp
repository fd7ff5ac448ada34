#include "kernels/env/pendulum_v1.h"

#include <gtest/gtest.h>

#include "tests/support/golden_trajectory.h"
#include "tests/support/start_states.h"

namespace sac::env {
namespace {

TEST(PendulumV1, StepsInDouble) {
  expect_within(one_step_error<PendulumV1, double>(GoldenTrajectory("pendulum_v1.csv")), 1e-12,
                1e-12);
}

// A plain float transcription is off by 4.3e-7, one unit in the last place of theta_dot = 7.9; a
// factor 1.5 for another order of operations. The reward, up to 14.8, squares the angle: 2 pi
// times the half unit of theta's own rounding, 2.4e-7, and its own half unit, 4.8e-7.
TEST(PendulumV1, StepsInFloat) {
  expect_within(one_step_error<PendulumV1, float>(GoldenTrajectory("pendulum_v1.csv")),
                1.5 * 4.3e-7, 1.5 * (6.3 * 2.4e-7 + 4.8e-7));
}

// A plain float transcription ends up 1.5e-6 to 6e-6 away, by the order of operations.
TEST(PendulumV1, OpenLoop) {
  const GoldenTrajectory golden("pendulum_v1.csv");
  expect_within(open_loop_error<PendulumV1, double>(golden), 1e-12, 1e-12);
  EXPECT_LT((open_loop_error<PendulumV1, float>(golden).state), 1e-5);
}

// A full turn more changes neither reward nor motion, on either side of the wrap.
TEST(PendulumV1, RewardWrapsTheAngle) {
  const double action = 0.5, turn = 2 * 3.14159265358979323846;
  for (double theta : {-3.1, -1.0, 0.0, 3.1}) {
    for (double turns : {-2.0, 1.0}) {
      PendulumV1<double>::State s{theta, 0.3}, turned{theta + turns * turn, 0.3};
      const double reward = PendulumV1<double>::step(s, &action).reward;
      EXPECT_NEAR(reward, -(theta * theta + 0.1 * 0.09 + 0.001 * 0.25), 1e-14);
      EXPECT_NEAR(PendulumV1<double>::step(turned, &action).reward, reward, 1e-13);
      EXPECT_NEAR(turned.theta_dot, s.theta_dot, 1e-14);
    }
  }
}

TEST(PendulumV1, Observation) {
  double obs[3];
  PendulumV1<double>::observe({0.5, 4}, obs);
  EXPECT_EQ(obs[0], std::cos(0.5));
  EXPECT_EQ(obs[1], std::sin(0.5));
  EXPECT_EQ(obs[2], 4);
}

TEST(PendulumV1, StartStates) {
  const auto states = start_states<PendulumV1<double>>(100000);
  expect_uniform(states[0], -3.14159265358979323846, 3.14159265358979323846);
  expect_uniform(states[1], -1, 1);
  expect_uncorrelated(states[0], states[1]);
}

}  // namespace
}  // namespace sac::env
