// How many kernels training launches, counted in a captured graph.
#pragma once

#include "host/cuda/stream.h"
#include "host/learner.h"

namespace sac {

struct KernelCount {
  int per_update;       ///< of one gradient step of all agents
  int per_vector_step;  ///< of one step of all environments
};

/// What a learner of this configuration submits; nothing runs.
KernelCount count_kernels(const LearnerConfig& config, const Stream& stream);

}  // namespace sac
