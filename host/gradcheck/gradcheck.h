// Is the learner right? Two links of evidence: the learner is compared with the double reference,
// and the reference with finite differences and with plain definitions (plain_losses.h,
// plain_update.h). What is compared comes out of Learner::gradient_step alone, so every device's
// learner can be asked.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/base/learner.h"
#include "host/gradcheck/finite_differences.h"

namespace sac::gradcheck {

/// One quantity of one learner against one independent source.
struct Check {
  std::string learner;   ///< whose: "learner" or "reference"
  std::string quantity;  ///< e.g. "gradient pi.mean.weight"
  std::string against;   ///< e.g. "finite differences"
  double error = 0;      ///< the largest difference found; infinite if one was not a number
  double allowance = 0;  ///< what the error model of host/gradcheck/error_model.h grants

  bool passed() const { return error <= allowance; }
};

/// What both learners are to be made with: no environment, all learning rates different, tau and
/// gamma far from 1 and 0, a bound that is not 1, and a log-std range that clamps part of the rows
/// on either side. One thread: the sampler's many small steps would wait for each other on a busy
/// machine, and the learner's results do not depend on the number.
LearnerConfig gradcheck_config(const Shape& shape, int batch, uint64_t seed);

/// Runs every check, in order. Both learners must have been made with `config`; `learner` computes
/// in float (or better), `reference` in double. Both lose their state.
std::vector<Check> check_gradients(const LearnerConfig& config, Learner& learner,
                                   Learner& reference, const ReportShare& report);

}  // namespace sac::gradcheck
