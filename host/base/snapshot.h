// Sizes of a snapshot's parts, which follow from the configuration and the counts.
#pragma once

#include <cstddef>

#include "host/base/learner.h"

namespace sac {

/// Scalars of one agent's replay after so much progress.
size_t replay_scalars(const LearnerConfig& config, const Progress& progress);

/// Scalars of the states of one agent's environments.
size_t environment_scalars(const LearnerConfig& config);

/// Throws std::invalid_argument unless every part has the size that it has in a learner of this
/// configuration.
void require_fit(const Snapshot& snapshot, const LearnerConfig& config);

}  // namespace sac
