// How long a run has to go.
#pragma once

#include <optional>

#include "host/training/config.h"
#include "host/training/run_record.h"

namespace sac::training {

/// Seconds until the nearest of --steps, --updates and --time-limit at the pace so far; empty
/// without a limit, or before there is a pace.
std::optional<double> seconds_left(const TrainConfig& config, const RunRecord& record);

/// Seconds until the preset's limit, which ends the run if nothing else does; empty without one.
std::optional<double> seconds_left_at_most(const TrainConfig& config, const RunRecord& record);

}  // namespace sac::training
