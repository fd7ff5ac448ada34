#include "kernels/sac/adam.h"

#include <gtest/gtest.h>

namespace sac {
namespace {

// m = 0.5 * 4 + 0.5 * 2 = 3 and v = 0.75 * 12 + 0.25 * 4 = 10, corrected by 1 / sqrt(1 - 0.375) of
// its square root: sqrt(10 / 0.625) = 4. The parameter moves by 0.5 * 3 / (4 + 2) = 0.25.
TEST(Adam, AStepByHand) {
  const AdamStep<double> adam = {.beta1 = 0.5,
                                 .one_minus_beta1 = 0.5,
                                 .beta2 = 0.75,
                                 .one_minus_beta2 = 0.25,
                                 .eps = 2,
                                 .step_size = 0.5,
                                 .inverse_sqrt_correction2 = 1 / std::sqrt(0.625)};
  double parameter = 1, m = 4, v = 12;
  adam_element(adam, 2.0, parameter, m, v);
  EXPECT_EQ(m, 3);
  EXPECT_EQ(v, 10);
  EXPECT_DOUBLE_EQ(parameter, 0.75);
}

// Bias-corrected, the first step is the learning rate, towards lower losses, however large the
// gradient is.
TEST(Adam, TheFirstStepIsTheLearningRate) {
  for (const double gradient : {1e-3, -1e-3, 1.0, 1e3}) {
    const AdamStep<double> adam = {.beta1 = 0.9,
                                   .one_minus_beta1 = 1 - 0.9,
                                   .beta2 = 0.999,
                                   .one_minus_beta2 = 1 - 0.999,
                                   .eps = 0,
                                   .step_size = 3e-4 / (1 - 0.9),
                                   .inverse_sqrt_correction2 = 1 / std::sqrt(1 - 0.999)};
    double parameter = 0, m = 0, v = 0;
    adam_element(adam, gradient, parameter, m, v);
    EXPECT_NEAR(parameter, gradient > 0 ? -3e-4 : 3e-4, 1e-15) << gradient;
  }
}

TEST(Adam, WithoutAGradientZeroStaysZero) {
  const AdamStep<float> adam = {0.9f, 0.1f, 0.999f, 0.001f, 1e-8f, 1e-3f, 30.0f};
  float parameter = 0, m = 0, v = 0;
  adam_element(adam, 0.0f, parameter, m, v);
  EXPECT_EQ(parameter, 0);
  EXPECT_EQ(m, 0);
  EXPECT_EQ(v, 0);
}

// 0.25 * 8 + 0.75 * 4.
TEST(SoftUpdate, ByHand) {
  EXPECT_EQ(soft_update(0.25, 8.0, 4.0), 5);
  EXPECT_EQ(soft_update(1.0f, 8.0f, 4.0f), 8);
}

}  // namespace
}  // namespace sac
