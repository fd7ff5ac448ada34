// Compares kernel results with the double reference and keeps count of how much of the allowance
// was used: a bound that is never nearly used proves little.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include "host/gradcheck/error_model.h"

namespace sac {

/// Half a unit in the last place of 1, in fp32: what one rounding may cost, relatively.
inline constexpr double kUnit = 0x1p-24;

class ErrorBudget {
 public:
  explicit ErrorBudget(std::string title) : title_(std::move(title)) {}
  ~ErrorBudget() {
    std::printf("  %-44s used at most %5.1f %% of the allowance, by %s\n", title_.c_str(),
                100 * share_, worst_.c_str());
  }
  ErrorBudget(const ErrorBudget&) = delete;
  ErrorBudget& operator=(const ErrorBudget&) = delete;

  /// Expects elements [offset, offset + count) within `allowance`; works for any container of
  /// doubles.
  template <class Values>
  void expect_close(const std::string& name, const Values& got, const Values& expected,
                    size_t offset, size_t count, double allowance) {
    double largest = 0;
    for (size_t i = offset; i < offset + count; ++i) {
      const double error = std::abs(got[i] - expected[i]);
      largest = std::max(largest, std::isfinite(error) ? error : HUGE_VAL);
    }
    expect_within(name, {largest, allowance});
  }

  void expect_within(const std::string& name, const gradcheck::Deviation& deviation) {
    EXPECT_LE(deviation.error, deviation.allowance) << title_ << ": " << name;
    if (deviation.share() > share_) {
      share_ = deviation.share();
      worst_ = name;
    }
  }

 private:
  std::string title_, worst_ = "nothing";
  double share_ = 0;
};

}  // namespace sac
