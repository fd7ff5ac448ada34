// Networks whose every ReLU and minimum can be decided by a wide margin, so that rounded operands
// do not decide otherwise: what is left of a difference between precisions is smooth, and small.
//
// The first observation takes the lead. A hidden unit has a sign of its own and is open in the rows
// whose first observation shares it: first-layer unit i by a large weight on it, second-layer unit
// j by a common part of its weights, which adds up over the open units below. Q1 leans to it, Q2
// against it. Log-std stays near zero: a narrow range would cut off its gradient in every row.
#pragma once

#include <vector>

#include "kernels/layout.h"

namespace sac::gradcheck {

/// Turns fresh parameters (kernels/layout.h, agent_stride elements) into decided ones; floats stay
/// floats. Rows whose first observation is of order one, the others smaller, are decided.
void decide_networks(const Shape& shape, std::vector<double>& parameters);

}  // namespace sac::gradcheck
