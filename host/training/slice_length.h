// How many cycles go into one call of the learner.
#pragma once

#include <algorithm>
#include <cstdint>

namespace sac::training {

/// Aims at a duration short enough that clock and signals are looked at many times a second, and
/// long enough that looking costs nothing. Lengths at most double, so a first guess cannot be far
/// too long.
class SliceLength {
 public:
  /// 1 to `longest`.
  int64_t next(int64_t longest) const {
    const double wanted = kSeconds / seconds_per_cycle_;
    const double most = static_cast<double>(std::min(2 * last_, longest));
    return static_cast<int64_t>(std::max(1.0, std::min(wanted, most)));
  }

  /// What the last slice took.
  void took(int64_t cycles, double seconds) {
    last_ = cycles;
    seconds_per_cycle_ = std::max(seconds / static_cast<double>(cycles), kShortest);
  }

 private:
  static constexpr double kSeconds = 0.04;
  static constexpr double kShortest = 1e-9;

  int64_t last_ = 1;
  double seconds_per_cycle_ = kShortest;
};

}  // namespace sac::training
