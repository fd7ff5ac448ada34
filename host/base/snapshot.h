// Sizes of a snapshot's parts, which follow from the configuration and the counts.
#pragma once

#include <array>
#include <cstddef>

#include "host/base/learner.h"

namespace sac {

/// Scalars of one agent's replay after so much progress.
size_t replay_scalars(const LearnerConfig& config, const Progress& progress);

/// Transitions in the order of their slots: `count` from slot `first` on.
struct SlotRange {
  size_t first = 0, count = 0;
};

/// Where the newest `count` transitions lie, oldest first: up to the ring's end, and from its
/// start.
std::array<SlotRange, 2> newest_slots(const LearnerConfig& config, const Progress& progress,
                                      int64_t count);

/// Scalars of the states of one agent's environments.
size_t environment_scalars(const LearnerConfig& config);

/// Throws std::invalid_argument unless every part has the size that it has in a learner of this
/// configuration.
void require_fit(const Snapshot& snapshot, const LearnerConfig& config);

}  // namespace sac
