// Statistics of evaluation episodes.
#pragma once

#include <span>

#include "host/base/learner.h"

namespace sac::training {

/// Returns of deterministic episodes in figures; all zero for no episode.
struct Returns {
  int episodes = 0;
  double mean = 0, std = 0, min = 0, max = 0;  ///< std: of these episodes, divided by their number
  double mean_length = 0;                      ///< steps

  /// What the mean may be off by, of the policy's mean over all start states.
  double standard_error() const;
};

/// The episodes of one agent's evaluation.
Returns summarise(const Evaluation& evaluation);

/// All episodes taken together.
Returns pooled(std::span<const Returns> parts);

}  // namespace sac::training
