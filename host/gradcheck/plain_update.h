// Adam (Kingma and Ba 2015) and the soft update, written straight from the papers in double: what
// the learners' updates are checked against.
#pragma once

#include <cstdint>
#include <vector>

#include "host/base/learner.h"

namespace sac::gradcheck {

/// What Adam takes off a parameter of a trained network in step number `updates` (1 is the first),
/// given the new moments.
double adam_step(const Hyperparameters& hyper, Network network, int64_t updates, double m,
                 double v);

/// The state after one Adam step on v, pi, q1 and q2 with the given gradients (layout of the
/// parameters) and the soft update of v_target with the new v.
AgentState plain_update(const Shape& shape, const Hyperparameters& hyper, const AgentState& before,
                        const std::vector<double>& gradients);

}  // namespace sac::gradcheck
