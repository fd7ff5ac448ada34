// The start state of `sac_cuda simulate --state`.
#pragma once

#include <string>
#include <vector>

#include "kernels/env/environment.h"

namespace sac::commands {

/// The info.state scalars of State that `text` gives: by name, "theta=3,theta_dot=0.5", in any
/// order, or plain, "3,0.5". Throws UsageError for what is missing, doubled, unknown or not finite,
/// and for the plain form where the observation has another order than the state, so that either
/// could be meant.
std::vector<double> parse_start_state(const std::string& text, const env::EnvironmentInfo& info);

}  // namespace sac::commands
