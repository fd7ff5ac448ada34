// Trials trained side by side, as agents of one learner.
#pragma once

#include <span>
#include <vector>

#include "host/sweep/plan.h"
#include "host/training/trainer.h"
#include "host/training/training_view.h"

namespace sac::sweep {

/// Trains some of the plan's trials up to a rung, or to their end, from where their directories
/// have them. Agent p of a learner draws with seed + p, so the learner spans all trials from the
/// first to the last; those in between that are not to be trained are retired before the first step
/// and cost memory alone. Only trials that are at the same moment can be trained in one launch:
/// `trials`, in rising order, have the same moment. Throws std::runtime_error if a file could not
/// be written.
void launch(const Plan& plan, std::span<const int> trials, size_t rung,
            training::TrainingView& view, const training::Callbacks& callbacks);

/// Where a trial's saved state is: what has to be the same in a launch.
struct Moment {
  int64_t vector_steps = 0, updates = 0, evaluations = 0;
  bool operator==(const Moment&) const = default;
};

/// All zero without a state. Throws UsageError for a damaged one.
Moment moment_of(const Plan& plan, int trial);

/// Has the trial been trained up to this rung, or to its end?
bool trained(const Plan& plan, int trial, size_t rung);

}  // namespace sac::sweep
