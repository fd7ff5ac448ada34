// How many kernels training launches, counted in a captured graph.
#pragma once

#include <cstdint>

#include "host/cuda/stream.h"
#include "host/learner.h"

namespace sac {

/// Nodes of a graph: kernels, and copies if there are any.
struct NodeCount {
  int64_t per_update;       ///< one gradient step of all agents
  int64_t per_vector_step;  ///< one step of all environments
};

/// What a learner of this configuration submits, after it has done so once. Throws CudaError.
NodeCount count_nodes(const LearnerConfig& config, const Stream& stream);

}  // namespace sac
