#include "host/training/soundness.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace sac::training {
namespace {

constexpr Shape kShape{.obs = 3, .act = 1, .hidden = 4};

TEST(Soundness, ASoundAgentHasNothing) {
  const std::vector<double> parameters(agent_stride(kShape), 0.5);
  EXPECT_EQ(unsound_numbers<double>(kShape, {1, 2, 3, 4}, parameters, 9), "");
}

TEST(Soundness, NamesLossesTensorAndStep) {
  std::vector<float> parameters(agent_stride(kShape), 0.5f);
  parameters[network_layout(kShape, Network::q2).b2 + 1] = NAN;
  parameters[network_layout(kShape, Network::v).w1] = INFINITY;
  EXPECT_EQ(unsound_numbers<float>(kShape, {1, 2, 3, 4}, parameters, 9),
            "not finite after gradient step 9, tensor q2.layers.1.bias holds nan");
  EXPECT_EQ(unsound_numbers<float>(kShape, {1, 2, 3, -INFINITY, 0, 7}, parameters, 9),
            "not finite since gradient step 7, loss q2 is -inf, tensor q2.layers.1.bias holds nan");
}

TEST(Soundness, NamesWhatTheAlgorithmHas) {
  const Shape shape{.obs = 3, .act = 1, .hidden = 4, .algorithm = Algorithm::sac_v2};
  std::vector<float> parameters(agent_stride(shape), 0.5f);
  parameters[log_alpha_offset(shape)] = INFINITY;
  EXPECT_EQ(unsound_numbers<float>(shape, {0, 2, 3, 4, NAN, 7}, parameters, 9),
            "not finite since gradient step 7, loss alpha is nan, tensor log_alpha holds inf");
}

// Gaps between tensors hold nothing that matters.
TEST(Soundness, PaddingIsNoNumber) {
  std::vector<double> parameters(agent_stride(kShape), 0.5);
  parameters[network_layout(kShape, Network::pi).end - 1] = NAN;
  EXPECT_EQ(unsound_numbers<double>(kShape, {}, parameters, 9), "");
}

}  // namespace
}  // namespace sac::training
