// How a learner's networks are doing, beside returns and losses.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "host/base/learner.h"

namespace sac::diagnostics {

/// Means over some transitions of an agent's replay.
struct Diagnostics {
  double entropy = 0;            ///< of the policy: -log_prob of sampled actions
  double saturated_actions = 0;  ///< share of sampled actions beyond 99 % of the range
  double log_std_at_bounds = 0;  ///< share of log-stds that are clamped
  double q = 0;                  ///< min(Q1, Q2) of the actions that were taken
  double q_gap = 0;              ///< |Q1 - Q2| of them
  double v_residual = 0;         ///< |V(s) - (min Q(s, a) - log_prob)| of sampled actions (eq. 5);
                                 ///< zero where there is no V
  double alpha = 1;              ///< the temperature
};

/// `parameters` in the layout of kernels/layout.h; `records` are transitions in that of
/// record_layout, as Learner::newest gives them; actions are sampled with the noise that gradient
/// step `update` draws for the policy. All NaN without a record. Computed in float on the host,
/// in a millisecond or a few.
Diagnostics diagnose(const LearnerConfig& config, int agent, std::span<const double> parameters,
                     std::span<const float> records, int64_t update);

/// V(s) of observations [rows, O] under `parameters`, of which V's part is asked; where there is no
/// V, min(Q1, Q2) of the policy's mean actions within [-max_action, max_action].
std::vector<float> state_values(const Shape& shape, double max_action,
                                std::span<const double> parameters, std::span<const float> obs);

}  // namespace sac::diagnostics
