// Is one gradient step right? Whoever asks, asks here: the gradcheck command, the GPU benchmark and
// the kernels' tests. How far a right step may be off says error_model.h.
#pragma once

#include <string>
#include <vector>

#include "host/base/learner.h"
#include "host/gradcheck/error_model.h"
#include "host/gradcheck/finite_differences.h"

namespace sac::gradcheck {

/// One quantity of a step against one independent source.
struct Check {
  std::string quantity;  ///< e.g. "gradient pi.mean.weight"
  std::string against;   ///< e.g. "finite differences"
  Deviation worst;       ///< of the element that uses most of its allowance; the error is infinite
                         ///< if one was not a number

  bool passed() const { return worst.share() <= 1; }
};

/// What eq. 5, 7 and 12 say of a step, without another learner.
struct Definition {
  Losses losses;                             ///< plain_losses
  std::vector<TensorDifferences> gradients;  ///< finite_differences
};

/// The definition of a step from `parameters` on `batch`, which must keep clear of kinks
/// (smooth_batch.h). Takes a while: `report` is called with the share that is done.
Definition define_step(const LearnerConfig& config, const std::vector<double>& parameters,
                       const Batch& batch, const ReportShare& report);

/// The model of a learner of this configuration that computes in float.
ErrorModel float_model(const LearnerConfig& config);

/// A step from `before` against a right one: its losses, every tensor's gradient, and for each
/// network moments, parameters and the soft update. The state may be off by what the allowed error
/// of the gradients makes of it.
std::vector<Check> compare_step(const LearnerConfig& config, const ErrorModel& model,
                                const AgentState& before, const StepResult& got,
                                const StepResult& expected);

/// The same quantities against the definition, gradients where they were differenced; the state
/// against Adam and the soft update with the learner's own gradients (plain_update.h), to a few
/// roundings.
std::vector<Check> compare_step(const LearnerConfig& config, const ErrorModel& model,
                                const AgentState& before, const StepResult& got,
                                const Definition& expected);

}  // namespace sac::gradcheck
