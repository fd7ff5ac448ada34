// A word on losses that no task explains.
#pragma once

#include <string>

#include "host/base/learner.h"
#include "host/training/run_record.h"

namespace sac::training {

/// What a loss can be at most: that of an error as large as the largest discounted sum of scaled
/// rewards, a hundred times over. Losses are about squares of returns, J_pi is about a return.
double largest_plausible_loss(const LearnerConfig& config);

/// One line that names the agent and the loss that is above that in the latest evaluation's record;
/// empty if none is. Losses that are not finite are not its subject: they end the run.
std::string loss_warning(const LearnerConfig& config, const RunRecord& record);

}  // namespace sac::training
