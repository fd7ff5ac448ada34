// What a CPU learner takes of the machine's memory, known before it is made.
#pragma once

#include "host/base/learner.h"

namespace sac::cpu {

/// Bytes of a learner that computes in float: replay, parameters with moments and copies, the batch
/// with its activations, environments. A few per cent more than it will hold; one that computes in
/// double holds twice as much.
double memory_need(const LearnerConfig& config);

}  // namespace sac::cpu
