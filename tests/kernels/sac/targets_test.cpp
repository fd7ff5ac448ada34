#include "kernels/sac/targets.h"

#include <gtest/gtest.h>

namespace sac {
namespace {

TEST(Targets, TheSmallerQCountsAndQ1WhereTheyAreEqual) {
  EXPECT_EQ(smaller_q_index(1.0, 2.0), 0);
  EXPECT_EQ(smaller_q_index(2.0, 1.0), 1);
  EXPECT_EQ(smaller_q_index(2.0, 2.0), 0);
  EXPECT_EQ(smaller_q(-3.0f, -2.0f), -3.0f);
  EXPECT_EQ(smaller_q(-2.0f, -3.0f), -3.0f);
}

// min(1.5, 1.25) - (-0.75) and min(1.25, 1.5) - 0.75; at a third of the temperature a third of it.
TEST(Targets, OfEq5) {
  EXPECT_EQ(soft_value(1.5, 1.25, -0.75, 1.0), 2);
  EXPECT_EQ(soft_value(1.25, 1.5, 0.75, 1.0), 0.5);
  EXPECT_EQ(soft_value(1.25, 1.5, 0.75, 1.0 / 3), 1);
}

// 2 * 3 + 0.5 * 8 = 10; nothing comes after a terminal state.
TEST(Targets, OfEq7) {
  EXPECT_EQ(q_target(3.0, 0.0, 8.0, 2.0, 0.5), 10);
  EXPECT_EQ(q_target(3.0, 1.0, 8.0, 2.0, 0.5), 6);
}

TEST(Targets, TermsOfTheLosses) {
  EXPECT_EQ(half_square(3.0), 4.5);
  EXPECT_EQ(half_square(-3.0f), 4.5f);
  EXPECT_EQ(policy_row_loss(4.0, 3.0, -0.5, 1.0), -3.5);
  EXPECT_EQ(policy_row_loss(-4.0, 3.0, -0.5, 1.0), 3.5);
  EXPECT_EQ(policy_row_loss(-4.0, 3.0, -0.5, 4.0), 2);
  EXPECT_EQ(entropy_deficit(0.75, -1.0), -0.25) << "an entropy of -0.75 is above one of -1";
}

}  // namespace
}  // namespace sac
