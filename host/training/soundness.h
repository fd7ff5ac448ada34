// Are an agent's numbers still numbers?
#pragma once

#include <span>
#include <string>

#include "host/base/learner.h"

namespace sac::training {

/// What is infinite or NaN in an agent, in one line: the losses, the first tensor in the order of
/// the parameters, and the gradient step. Empty for a sound agent. `parameters` are in the layout
/// of kernels/layout.h; float or double.
template <class T>
std::string unsound_numbers(const Shape& shape, const Losses& losses, std::span<const T> parameters,
                            int64_t updates);

}  // namespace sac::training
