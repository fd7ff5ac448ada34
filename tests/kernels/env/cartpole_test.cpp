#include "kernels/env/cartpole.h"

#include <gtest/gtest.h>

#include <cmath>

namespace sac::env {
namespace {

// An uneven body, so that no two terms can stand for each other.
constexpr CartPole<double> kBody{
    .total_mass = 7, .pole_mass = 2, .a = 0.1, .b = 0.4, .inertia = 0.9, .gravity = 9.5};

TEST(CartPole, AccelerationSolvesTheEquationsOfMotion) {
  for (double theta : {-2.5, -0.3, 0.0, 1.1, 3.0}) {
    const double force = 3, torque = -0.7, w = 1.3;
    const CartPolePose<double> pose = cart_pole_pose(kBody, theta);
    const auto a = cart_pole_acceleration(kBody, pose, w, force, torque);
    const double p = 0.4 * std::cos(theta) - 0.1 * std::sin(theta);
    const double q = 0.1 * std::cos(theta) + 0.4 * std::sin(theta);
    EXPECT_NEAR(7 * a.x + 2 * p * a.theta, force + 2 * q * w * w, 1e-13);
    EXPECT_NEAR(2 * p * a.x + 0.9 * a.theta, torque + 2 * 9.5 * q, 1e-13);
  }
}

// A unit force on the cart alone, without gravity or speed, accelerates by M^-1's first column.
TEST(CartPole, PoseHoldsTheInverseOfTheMassMatrix) {
  CartPole<double> body = kBody;
  body.gravity = 0;
  const CartPolePose<double> pose = cart_pole_pose(body, 0.6);
  const auto pushed = cart_pole_acceleration(body, pose, 0.0, 1.0, 0.0);
  EXPECT_DOUBLE_EQ(pose.slider, pushed.x);
  EXPECT_DOUBLE_EQ(pose.cross, pushed.theta);
  EXPECT_LT(pose.cross, 0);  // pushing the cart to the right tips the pole to the left
}

// With no force the energy of cart and pole stays; its time derivative is zero.
TEST(CartPole, EnergyIsConserved) {
  const double theta = 0.8, vx = 0.5, w = -1.2;
  const auto energy = [](double angle, double v, double speed) {
    const double p = 0.4 * std::cos(angle) - 0.1 * std::sin(angle);
    const double height = 0.4 * std::cos(angle) - 0.1 * std::sin(angle);
    return 0.5 * 7 * v * v + 2 * p * v * speed + 0.5 * 0.9 * speed * speed + 2 * 9.5 * height;
  };
  const auto a = cart_pole_acceleration(kBody, cart_pole_pose(kBody, theta), w, 0.0, 0.0);
  const double h = 1e-5;  // central difference: error of order h^2 and 1e-16 / h
  const double derivative = (energy(theta + h * w, vx + h * a.x, w + h * a.theta) -
                             energy(theta - h * w, vx - h * a.x, w - h * a.theta)) /
                            (2 * h);
  EXPECT_NEAR(derivative, 0, 1e-8);
}

TEST(CartPole, NearerSliderEndPointsInward) {
  EXPECT_EQ(nearer_slider_end(0.75).inward, -1);
  EXPECT_EQ(nearer_slider_end(0.75).gap, 0.25);
  EXPECT_EQ(nearer_slider_end(-1.5).inward, 1);
  EXPECT_EQ(nearer_slider_end(-1.5).gap, -0.5);
}

}  // namespace
}  // namespace sac::env
