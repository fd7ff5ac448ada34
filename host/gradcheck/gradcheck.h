// Is the learner right? Two links of evidence: the learner is compared with the double reference,
// and the reference with finite differences and with plain definitions (plain_losses.h,
// plain_update.h). What is compared comes out of Learner::gradient_step alone, so every device's
// learner can be asked.
#pragma once

#include <vector>

#include "host/base/learner.h"
#include "host/gradcheck/step_check.h"

namespace sac::gradcheck {

/// The two links, each with its own checks in order.
struct CheckedLearners {
  std::vector<Check> learner, reference;
};

/// Runs every check on a step from check_start (check_start.h). Both learners must have been made
/// with `config`; `learner` computes in float (or better), `reference` in double. Both lose their
/// state. `report` is called with the share of the work that is done.
CheckedLearners check_gradients(const LearnerConfig& config, Learner& learner, Learner& reference,
                                const ReportShare& report);

}  // namespace sac::gradcheck
