#include "kernels/env/double_cartpole.h"

#include <gtest/gtest.h>

#include <cmath>

namespace sac::env {
namespace {

// An uneven body, so that no two terms can stand for each other.
constexpr DoubleCartPole<double> kBody{.total_mass = 9,
                                       .c1 = 2.5,
                                       .c2 = 0.9,
                                       .c3 = 0.7,
                                       .inertia1 = 1.8,
                                       .inertia2 = 0.5,
                                       .gravity = 9.5,
                                       .length = 0.6,
                                       .to_centre = 0.25};

TEST(DoubleCartPole, AccelerationSolvesTheEquationsOfMotion) {
  for (double f1 : {-2.5, -0.3, 0.0, 1.1}) {
    for (double f2 : {-1.0, 0.2, 2.9}) {
      const double w1 = 1.3, w2 = -0.8, force = 3, torque1 = -0.7, torque2 = 0.4;
      const DoubleCartPolePose<double> pose = double_cart_pole_pose(kBody, f1, f2 - f1);
      const auto a = double_cart_pole_acceleration(kBody, pose, w1, w2, {force, torque1, torque2});
      const double m12 = 2.5 * std::cos(f1), m13 = 0.9 * std::cos(f2), bend = f1 - f2;
      const double m23 = 0.7 * std::cos(bend), whirl = 0.7 * std::sin(bend);
      const double moment1 = 2.5 * std::sin(f1), moment2 = 0.9 * std::sin(f2);
      EXPECT_NEAR(9 * a.x + m12 * a.first + m13 * a.second,
                  force + moment1 * w1 * w1 + moment2 * w2 * w2, 1e-12);
      EXPECT_NEAR(m12 * a.x + 1.8 * a.first + m23 * a.second,
                  torque1 + 9.5 * moment1 - whirl * w2 * w2, 1e-12);
      EXPECT_NEAR(m13 * a.x + m23 * a.first + 0.5 * a.second,
                  torque2 + 9.5 * moment2 + whirl * w1 * w1, 1e-12);
    }
  }
}

// A unit force on the cart alone, without gravity or speed, accelerates by M^-1's first column.
TEST(DoubleCartPole, PoseHoldsWhatAForceOnTheCartDoes) {
  DoubleCartPole<double> body = kBody;
  body.gravity = 0;
  const DoubleCartPolePose<double> pose = double_cart_pole_pose(body, 0.6, -0.2);
  const auto pushed = double_cart_pole_acceleration(body, pose, 0.0, 0.0, {1, 0, 0});
  EXPECT_DOUBLE_EQ(pose.slider.x, pushed.x);
  EXPECT_DOUBLE_EQ(pose.slider.first, pushed.first);
  EXPECT_DOUBLE_EQ(pose.slider.second, pushed.second);
  EXPECT_LT(pose.slider.first, 0);  // pushing the cart to the right tips the pole to the left
}

TEST(DoubleCartPole, APointOfTheSecondPole) {
  const double angle1 = 0.3, angle2 = -0.5;
  const DoubleCartPolePose<double> pose = double_cart_pole_pose(kBody, angle1, angle2);
  const PolePoint<double> p = on_second_pole(0.1, pose.first, pose.second, 0.6, 0.25);
  EXPECT_NEAR(p.x, 0.1 + 0.6 * std::sin(0.3) + 0.25 * std::sin(-0.2), 1e-15);
  EXPECT_NEAR(p.y, 0.6 * std::cos(0.3) + 0.25 * std::cos(-0.2), 1e-15);
}

}  // namespace
}  // namespace sac::env
