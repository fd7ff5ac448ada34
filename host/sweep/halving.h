// Which trials of a sweep with halving go on beyond a rung.
#pragma once

#include <vector>

#include "host/sweep/plan.h"

namespace sac::sweep {

/// A decision for every rung that is over, but the last: the trials that go on, in rising order.
using Decisions = std::vector<std::vector<int>>;

/// Those that the sweep's directory has. Throws UsageError for a damaged file.
Decisions read_decisions(const Plan& plan);

/// Kept before the first trial goes on: its results up to the rung are then no longer to be had.
void write_decisions(const Plan& plan, const Decisions& decisions);

/// The better half of `trials`, which have been trained up to a rung, in rising order.
std::vector<int> better_half(const Plan& plan, const std::vector<int>& trials);

}  // namespace sac::sweep
