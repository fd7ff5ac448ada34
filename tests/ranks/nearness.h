// What a learner of several processes may differ by from that of one.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "host/base/learner.h"

namespace sac {

/// Sums of a batch's rows in another order differ by at most about the rows times the precision,
/// relative to what is summed; the largest element stands for that. Where operands are rounded,
/// they are rounded alike.
template <class T>
void expect_near(int rows, const std::vector<double>& own, const std::vector<double>& shared) {
  ASSERT_EQ(own.size(), shared.size());
  double largest = 0;
  for (const double v : own) largest = std::max(largest, std::abs(v));
  const double allowed = rows * std::numeric_limits<T>::epsilon() * largest;
  for (size_t i = 0; i < own.size(); ++i)
    ASSERT_NEAR(own[i], shared[i], allowed) << "element " << i;
}

template <class T>
void expect_near(int rows, const Losses& own, const Losses& shared) {
  const auto numbers = [](const Losses& l) {
    return std::vector<double>{l.v, l.pi, l.q1, l.q2, l.alpha};
  };
  expect_near<T>(rows, numbers(own), numbers(shared));
}

template <class T>
void expect_near(int rows, const StepResult& own, const StepResult& shared) {
  expect_near<T>(rows, own.gradients, shared.gradients);
  expect_near<T>(rows, own.state.parameters, shared.state.parameters);
  expect_near<T>(rows, own.state.adam_m, shared.state.adam_m);
  expect_near<T>(rows, own.losses, shared.losses);
}

}  // namespace sac
