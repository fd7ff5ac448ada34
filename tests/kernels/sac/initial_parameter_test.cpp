#include "kernels/sac/initial_parameter.h"

#include <gtest/gtest.h>

#include <cmath>

namespace sac {
namespace {

class InitialParameter : public testing::Test {
 protected:
  explicit InitialParameter(Algorithm algorithm = Algorithm::sac_v1) : shape_{3, 1, 32, algorithm} {
    for (int n = 0; n < kNetworks; ++n) {
      networks_[n] = network_layout(shape_, static_cast<Network>(n));
    }
  }

  double at(size_t offset) const {
    return initial_parameter<double>(shape_, networks_, {5}, offset);
  }

  /// The largest magnitude of `count` elements, and their mean over it.
  void expect_uniform(size_t begin, int count, double bound) const {
    double largest = 0, sum = 0;
    for (size_t i = begin; i < begin + static_cast<size_t>(count); ++i) {
      largest = std::max(largest, std::abs(at(i)));
      sum += at(i);
    }
    EXPECT_LT(largest, bound);
    EXPECT_GT(largest, 0.8 * bound);
    EXPECT_LT(std::abs(sum / count), 3 * bound / std::sqrt(3.0 * count));
  }

  const Shape shape_;
  NetworkLayout networks_[kNetworks];
};

class InitialParameterOfSacV2 : public InitialParameter {
 protected:
  InitialParameterOfSacV2() : InitialParameter(Algorithm::sac_v2) {}
};

// Element 0 of agent key 5: one draw, between -1 / sqrt(3) and 1 / sqrt(3).
TEST_F(InitialParameter, IsADrawWithinTheBoundOfItsLayer) {
  const uint32_t word = random_word({5}, Purpose::initialise, 0, 0);
  EXPECT_DOUBLE_EQ(at(0), (2 * uniform01<double>(word) - 1) / std::sqrt(3.0));
}

// Both the weights and the biases of a layer: 1 / sqrt(inputs).
TEST_F(InitialParameter, BoundsFollowTheInputsOfTheLayer) {
  for (const Network n : {Network::pi, Network::q1, Network::q2, Network::v}) {
    const NetworkLayout& l = networks_[static_cast<int>(n)];
    const double first = 1 / std::sqrt(l.in), later = 1 / std::sqrt(32);
    expect_uniform(l.w1, 32 * l.in, first);
    expect_uniform(l.b1, 32, first);
    expect_uniform(l.w2, 32 * 32, later);
    expect_uniform(l.b2, 32, later);
    expect_uniform(l.w3, 32 * l.out, later);
  }
}

TEST_F(InitialParameter, NothingLiesBetweenTheTensors) {
  const NetworkLayout& q1 = networks_[static_cast<int>(Network::q1)];
  for (size_t i = q1.b3 + 1; i < q1.end; ++i) EXPECT_EQ(at(i), 0);
}

TEST_F(InitialParameter, VTargetBeginsAsV) {
  const NetworkLayout& v = networks_[static_cast<int>(Network::v)];
  const NetworkLayout& target = networks_[static_cast<int>(Network::v_target)];
  for (size_t i = 0; i < v.end - v.w1; ++i) EXPECT_EQ(at(target.w1 + i), at(v.w1 + i));
}

TEST_F(InitialParameterOfSacV2, TargetsBeginAsTheirQsAndTheTemperatureAsOne) {
  const NetworkLayout &q1 = networks_[1], &q2 = networks_[2];
  const size_t size = q1.end - q1.w1;
  bool differ = false;
  for (size_t i = 0; i < size; ++i) {
    EXPECT_EQ(at(networks_[3].w1 + i), at(q1.w1 + i));
    EXPECT_EQ(at(networks_[4].w1 + i), at(q2.w1 + i));
    differ |= at(q1.w1 + i) != at(q2.w1 + i);
  }
  EXPECT_TRUE(differ);
  EXPECT_EQ(at(log_alpha_offset(shape_)), 0);
}

}  // namespace
}  // namespace sac
