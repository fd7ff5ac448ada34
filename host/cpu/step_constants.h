// The parts of a gradient step that follow from the configuration alone.
#pragma once

#include "host/base/learner.h"

namespace sac::cpu {

template <class T>
struct StepConstants {
  explicit StepConstants(const LearnerConfig& c)
      : gamma(static_cast<T>(c.hyper.gamma)),
        reward_scale(static_cast<T>(c.hyper.reward_scale)),
        max_action(static_cast<T>(c.max_action)),
        log_std_low(static_cast<T>(c.hyper.log_std.low)),
        log_std_high(static_cast<T>(c.hyper.log_std.high)),
        target_entropy(static_cast<T>(c.hyper.target_entropy)),
        row_weight(T(1) / static_cast<T>(c.batch)) {}

  T gamma, reward_scale, max_action, log_std_low, log_std_high, target_entropy;
  T row_weight;  ///< 1 / batch
};

}  // namespace sac::cpu
