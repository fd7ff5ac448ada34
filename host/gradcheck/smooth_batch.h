// A random batch on which finite differences, and float against double, are fair.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "host/base/learner.h"
#include "host/gradcheck/error_model.h"

namespace sac::gradcheck {

/// Every row keeps this distance from every kink (host/gradcheck/plain_losses.h). A parameter moved
/// by 1e-6 moves no ReLU input, log-std or Q1 - Q2 by more than about ten times that (inputs and
/// noise stay below 6, weights and activations of a fresh network below about 1), and float moves
/// them by about 1e-6: neither crosses a kink.
inline constexpr double kKinkMargin = 2e-5;

/// Where operands are rounded they move sums of order ten, on decided networks
/// (decided_networks.h), by an operand's rounding of themselves at most.
inline double kink_margin(Precision precision) {
  return std::max(kKinkMargin, 10 * operand_rounding(precision));
}

/// Normal observations, rewards and noise, uniform actions, every third row terminated; all exactly
/// representable in float. Rows closer to a kink of the given parameters than the configuration's
/// kink_margin are drawn again; throws std::runtime_error if a row finds no place in many draws.
Batch smooth_batch(const LearnerConfig& config, const std::vector<double>& parameters);

}  // namespace sac::gradcheck
