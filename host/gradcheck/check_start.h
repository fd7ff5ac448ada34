// Where a step that is to be checked starts: a configuration without special values, and a state in
// which every term of the step counts. The batch to it is smooth_batch's.
#pragma once

#include <cstdint>

#include "host/base/learner.h"

namespace sac::gradcheck {

/// No environment, all learning rates different, tau and gamma far from 1 and 0, a bound that is
/// not 1, and a log-std range that clamps part of the rows on either side. One thread: the many
/// small steps of a check would wait for each other on a busy machine, and the learner's results
/// do not depend on the number.
LearnerConfig check_config(const Shape& shape, int batch, uint64_t seed);

/// Gives a state moments as after some training, so that a step depends on gradient and moments
/// alike; from zero moments Adam's first step has the gradient's sign and no more. `seed` draws
/// them. All are exactly representable in float.
void trained_moments(const Shape& shape, uint64_t seed, AgentState& state);

/// The start for a learner of this configuration whose fresh state is `fresh`: trained_moments,
/// targets away from what they follow, a temperature that is not 1, and where operands are rounded,
/// networks that this does not change abruptly (decided_networks.h). Floats stay floats.
AgentState check_start(const LearnerConfig& config, AgentState fresh);

}  // namespace sac::gradcheck
