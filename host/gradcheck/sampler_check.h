// A learner's tanh-Gaussian sampler against the definition, seen through its losses alone.
#pragma once

#include <vector>

#include "host/base/learner.h"
#include "host/gradcheck/step_check.h"

namespace sac::gradcheck {

/// Log-prob and action of both samples of a step (eq. 5 and eq. 12), for u from -30 to 30, against
/// the change of variables in long double; of each quantity the worst of the grid. `config` is the
/// learner's; the learner loses its state.
std::vector<Check> check_sampler(const LearnerConfig& config, Learner& learner,
                                 const ErrorModel& model);

}  // namespace sac::gradcheck
