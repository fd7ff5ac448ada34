// The memory that a learner needs, and what there is of it.
#pragma once

#include <string>

#include "host/base/learner.h"
#include "host/devices/devices.h"

namespace sac::devices {

/// Bytes of a learner that computes in float, known before it is made: for the CPU a few per cent
/// more than it will hold, for a GPU to within a factor.
double memory_need(Device device, const LearnerConfig& config);

/// Bytes that a learner can have there, and in words whose they are: "this machine has 8.0 GB".
struct Memory {
  double bytes;
  std::string line;
};

/// What is free of the GPU's; or all of the machine's, or what the process's control groups allow.
/// Throws CudaError.
Memory available_memory(Device device);

}  // namespace sac::devices
