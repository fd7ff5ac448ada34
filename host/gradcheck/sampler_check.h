// A learner's tanh-Gaussian sampler against the definition, seen through its losses alone.
#pragma once

#include <string>
#include <vector>

#include "host/base/learner.h"
#include "host/gradcheck/error_model.h"

namespace sac::gradcheck {

/// The worst of one quantity over the grid, by its share of the allowance.
struct SamplerError {
  std::string quantity;
  Deviation worst;
};

/// Log-prob and action of both samples of a step (eq. 5 and eq. 12), for u from -30 to 30, against
/// the change of variables in long double. `config` is the learner's; the learner loses its state.
std::vector<SamplerError> check_sampler(const LearnerConfig& config, Learner& learner,
                                        const ErrorModel& model);

}  // namespace sac::gradcheck
