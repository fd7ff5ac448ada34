// The environment that docs/adding-an-environment.md adds: the page shows what is in the header,
// and the header works. It is also the example of an environment's test.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>

#include "docs/examples/cart_v0.h"
#include "kernels/env/registry.h"
#include "tests/support/start_states.h"

namespace sac::env {
namespace {

std::string text_of(const std::string& file) {
  std::ifstream in(std::filesystem::path(SAC_SOURCE) / file);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(CartV0, ThePageShowsItsHeader) {
  const std::string page = text_of("docs/adding-an-environment.md");
  const std::string header = text_of("docs/examples/cart_v0.h");
  const std::regex block("```cpp\n([^`]*)```");
  int blocks = 0;
  for (std::sregex_iterator i(page.begin(), page.end(), block), end; i != end; ++i, ++blocks) {
    EXPECT_NE(header.find((*i)[1].str()), std::string::npos) << (*i)[1];
  }
  EXPECT_GE(blocks, 2);
}

TEST(CartV0, FitsTheRegistry) {
  using List = EnvironmentList<PendulumV1, CartV0>;
  EXPECT_TRUE(List::visit(1, []<template <class> class E>() {
    EXPECT_STREQ(E<float>::info.id, "Cart-v0");
    EXPECT_EQ(sizeof(typename E<float>::State), E<float>::info.state * sizeof(float));
  }));
}

// One step by hand: vx = 0.2 + 0.05 * 1, x = 0.5 + 0.05 * 0.25; an action beyond its range is
// clipped.
TEST(CartV0, Steps) {
  for (const double action : {1.0, 3.0}) {
    CartV0<double>::State s{0.5, 0.2};
    const Outcome<double> outcome = CartV0<double>::step(s, &action);
    EXPECT_DOUBLE_EQ(s.vx, 0.25);
    EXPECT_DOUBLE_EQ(s.x, 0.5125);
    EXPECT_DOUBLE_EQ(outcome.reward, 1 - 0.5125 / 2);
    EXPECT_FALSE(outcome.terminated);
  }
}

TEST(CartV0, EndsBeyondTheRail) {
  for (const double side : {-1.0, 1.0}) {
    const double action = 0;
    CartV0<double>::State s{1.99 * side, 0.3 * side};
    const Outcome<double> outcome = CartV0<double>::step(s, &action);
    EXPECT_TRUE(outcome.terminated);
    EXPECT_EQ(outcome.reward, 0);
  }
}

// Full force to the middle, then full force against it: nobody is there sooner.
TEST(CartV0, ItsThresholdIsInReach) {
  const int steps = CartV0<double>::info.time_limit;
  double sum = 0;
  constexpr int kStarts = 101;
  for (int start = 0; start < kStarts; ++start) {
    CartV0<double>::State s{-1 + 2.0 * start / (kStarts - 1), 0};
    for (int t = 0; t < steps; ++t) {
      const double stop = s.x + s.vx * (std::abs(s.vx) + 0.05) / 2;  // where braking now would end
      const double action = -50 * stop;
      sum += CartV0<double>::step(s, &action).reward;
    }
  }
  EXPECT_GT(sum / kStarts, CartV0<double>::info.solved_at);
}

TEST(CartV0, StartStates) {
  const auto states = start_states<CartV0<double>>(100000);
  expect_uniform(states[0], -1, 1);
  for (const double vx : states[1]) ASSERT_EQ(vx, 0);
}

}  // namespace
}  // namespace sac::env
