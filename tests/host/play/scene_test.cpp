#include "host/play/scene.h"

#include <gtest/gtest.h>

#include <numbers>

#include "host/base/environments.h"
#include "kernels/env/registry.h"
#include "tests/support/usage_error_of.h"

namespace sac::play {
namespace {

const env::EnvironmentInfo& task(const char* id) {
  return environment_info(environment_index(id));
}

const Stroke& pole(const Scene& scene) {
  return *std::ranges::find(scene.strokes, Ink::pole, &Stroke::ink);
}

TEST(Scene, DistanceIsToTheNearestPointOfTheLine) {
  const Stroke stroke{{0, 0}, {2, 0}, 1, Ink::pole};
  EXPECT_DOUBLE_EQ(distance(stroke, {1, 3}), 3);
  EXPECT_DOUBLE_EQ(distance(stroke, {5, 4}), 5);
  EXPECT_DOUBLE_EQ(distance(stroke, {-3, -4}), 5);
  const Stroke disc{{1, 1}, {1, 1}, 1, Ink::pole};
  EXPECT_DOUBLE_EQ(distance(disc, {4, 5}), 5);
}

TEST(Scene, ThePoleStandsWhereTheStateSays) {
  const std::vector<float> state{0.5f, 0, std::numbers::pi_v<float> / 2, 0};  // x, vx, theta, ...
  const Scene scene = pendulum_scene(task("InvertedPendulumBulletEnv-v0"), state, 0);
  EXPECT_NEAR(pole(scene).from.x, 0.5, 1e-6);
  EXPECT_NEAR(pole(scene).to.x, 1.1, 1e-6);  // to the right
  EXPECT_NEAR(pole(scene).to.y, 0, 1e-6);
}

TEST(Scene, ASecondPoleStandsOnTheFirst) {
  const float lying = std::numbers::pi_v<float> / 2;
  const std::vector<float> state{0.25f, lying, -lying, 0, 0, 0};  // x, theta1, theta2, ...
  const Scene scene = pendulum_scene(task("InvertedDoublePendulumBulletEnv-v0"), state, 0);
  std::vector<Stroke> poles;
  std::ranges::copy_if(scene.strokes, std::back_inserter(poles),
                       [](const Stroke& s) { return s.ink == Ink::pole; });
  ASSERT_EQ(poles.size(), 2u);
  EXPECT_NEAR(poles[1].from.x, 0.85, 1e-6);
  EXPECT_NEAR(poles[1].from.y, 0, 1e-6);
  EXPECT_NEAR(poles[1].to.x, 0.85, 1e-6);
  EXPECT_NEAR(poles[1].to.y, 0.6, 1e-6);
  EXPECT_GT(scene.height / 2, 1.2);  // both upright
}

// Gymnasium draws a positive angle to the left.
TEST(Scene, ThePendulumTurnsAgainstTheClock) {
  const std::vector<float> state{0.3f, 0};
  const Scene scene = pendulum_scene(task("Pendulum-v1"), state, 1);
  EXPECT_LT(pole(scene).to.x, 0);
  EXPECT_GT(pole(scene).to.y, 0);
  EXPECT_LT(scene.strokes.back().to.x, 0);  // and so does its torque
}

TEST(Scene, AnActionIsABarOfItsSize) {
  const std::vector<float> state(4, 0.f);
  const auto& cart = task("InvertedPendulum-v5");
  const Scene none = pendulum_scene(cart, state, 0), half = pendulum_scene(cart, state, -0.5),
              whole = pendulum_scene(cart, state, 1);
  EXPECT_EQ(half.strokes.size(), none.strokes.size() + 1);
  EXPECT_EQ(half.strokes.back().ink, Ink::action);
  EXPECT_DOUBLE_EQ(half.strokes.back().to.x, -0.5 * whole.strokes.back().to.x);
}

TEST(Scene, EveryTaskHasOne) {
  for (const env::EnvironmentInfo& info : env::Environments::info) {
    const Scene scene = pendulum_scene(info, std::vector<float>(info.state, 0.f), 0);
    EXPECT_GE(scene.strokes.size(), 2u) << info.id;
  }
  env::EnvironmentInfo other = env::Environments::info[0];
  other.state_names = "a,b,c,d";
  const std::vector<float> state(4, 0.f);
  expect_names(usage_error_of([&] { pendulum_scene(other, state, 0); }),
               "no picture of a task without theta");
}

}  // namespace
}  // namespace sac::play
