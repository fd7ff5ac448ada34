// Where a task's state has its cart and its poles.
#pragma once

#include <cstddef>
#include <optional>

#include "kernels/env/environment.h"

namespace sac::play {

/// Places in the state. A task of two poles calls the first one's angle and angular velocity
/// theta1 and omega1, and the second one's angle, relative to the first, theta2.
struct PolePlaces {
  std::optional<size_t> x;  ///< of the cart; none without a cart
  size_t theta, theta_dot;
  std::optional<size_t> theta2;  ///< none with one pole
};

/// Throws UsageError "...: no picture of a task without theta" if there is no pole.
PolePlaces pole_places(const env::EnvironmentInfo& task);

}  // namespace sac::play
