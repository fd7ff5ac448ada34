#include "host/sweep/swept_parameter.h"

#include <gtest/gtest.h>

#include "tests/support/usage_error_of.h"

namespace sac::sweep {
namespace {

TEST(SweptParameter, AListIsDividedEvenly) {
  const SweptParameter p = parse_swept_parameter("tau=0.005,0.02,0.1");
  EXPECT_EQ(p.name, "tau");
  EXPECT_EQ(p.at(0), 0.005);
  EXPECT_EQ(p.at(0.33), 0.005);
  EXPECT_EQ(p.at(0.34), 0.02);
  EXPECT_EQ(p.at(0.999999), 0.1);
}

TEST(SweptParameter, ARangeIsWalkedLinearlyOrByRatios) {
  const SweptParameter linear = parse_swept_parameter("gamma=0.9:0.98");
  EXPECT_EQ(linear.at(0), 0.9);
  EXPECT_EQ(linear.at(0.5), 0.94);
  const SweptParameter ratios = parse_swept_parameter("policy-lr=1e-4:1e-2:log");
  EXPECT_EQ(ratios.name, "policy_lr");
  EXPECT_EQ(ratios.at(0), 1e-4);
  EXPECT_EQ(ratios.at(0.5), 1e-3);
  EXPECT_EQ(ratios.at(1.0 / 3), 0.000464159);  // six digits
}

TEST(SweptParameter, SetsTheOptionOfTrain) {
  training::TrainOptions options;
  swept_option(options, "reward_scale") = 3.0;
  EXPECT_EQ(options.reward_scale, 3.0);
}

TEST(SweptParameter, RefusesInOneLine) {
  const auto error = [](const char* text) {
    return usage_error_of([&] { parse_swept_parameter(text); });
  };
  expect_names(error("hidden=64,128"),
               "--set hidden: cannot be swept; expected policy-lr, value-lr, gamma, tau, "
               "reward-scale or target-entropy");
  expect_names(error("gamma"), "--set gamma: expected NAME=LOW:HIGH");
  expect_names(error("gamma="), "--set gamma");
  expect_names(error("gamma=0.9,"), "--set gamma");
  expect_names(error("gamma=0.9,1.1"), "--set gamma 1.1: expected");
  expect_names(error("tau=0:0.1"), "--set tau 0: expected");
  expect_names(error("tau=0.1:0.1"), "--set tau=0.1:0.1: expected a low end below the high one");
  expect_names(error("tau=0.1:0.2:lin"), "expected LOW:HIGH or LOW:HIGH:log");
  expect_names(error("gamma=0:0.9:log"), "expected a low end above 0 for log");
}

}  // namespace
}  // namespace sac::sweep
