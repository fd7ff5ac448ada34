// A whole sweep, from options to the ranking of its trials.
#pragma once

#include <functional>

#include "host/sweep/plan.h"
#include "host/training/train.h"

namespace sac::sweep {

/// Trains all trials, in as many launches as the memory asks for, and ranks them. What a sweep of
/// the same plan has done in its directory before is kept, and gone on with; the results are those
/// of an undisturbed one, to the bit, and do not depend on the launches or on the ranks. With
/// halving, the worse half of the trials ends at every rung. `interrupted` ends it early, saved;
/// false then. Throws UsageError before anything is written, std::runtime_error if a file could not
/// be.
bool run(const SweepOptions& options, const training::Output& output,
         const std::function<bool()>& interrupted);

}  // namespace sac::sweep
