// A policy played live, at the speed of the real thing.
#pragma once

#include <cstdint>

#include "host/cpu/mean_policy.h"

namespace sac::play {

/// Plays one episode after another on the terminal until the user leaves: start states as
/// `evaluate` draws its first with `seed`, `seed` + 1, ... Returns 0, or 128 + the signal that
/// ended it. Throws UsageError if there is no terminal, or no picture of the task.
int play_live(int environment, cpu::MeanPolicy& policy, uint64_t seed);

}  // namespace sac::play
