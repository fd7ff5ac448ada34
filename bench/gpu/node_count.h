// How many kernels training launches, counted in a captured graph.
#pragma once

#include <cstdint>

#include "host/base/learner.h"
#include "host/cuda/stream.h"

namespace sac::bench {

/// Nodes of a graph: kernels, and copies if there are any.
struct NodeCount {
  int64_t per_update;       ///< one gradient step of all agents
  int64_t per_vector_step;  ///< one step of all environments
};

/// What a learner of this configuration submits, after it has done so once. Throws CudaError.
NodeCount count_nodes(const LearnerConfig& config, const cuda::Stream& stream);

}  // namespace sac::bench
