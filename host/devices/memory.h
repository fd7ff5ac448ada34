// The memory that a learner needs, and what the machine has of it.
#pragma once

#include "host/base/learner.h"
#include "host/devices/devices.h"

namespace sac::devices {

/// Bytes of a learner that computes in float, known before it is made: for the CPU a few per cent
/// more than it will hold, for a GPU to within a factor.
double memory_need(Device device, const LearnerConfig& config);

/// Bytes that this process may have: all of the machine's, or what its control groups allow.
double host_memory_bytes();

}  // namespace sac::devices
