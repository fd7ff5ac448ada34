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
};

/// All episodes of all evaluations taken together.
Returns summarise(std::span<const Evaluation> evaluations);

}  // namespace sac::training
