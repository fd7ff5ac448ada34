// The losses of a gradient step by name.
#pragma once

#include <span>

#include "host/base/learner.h"

namespace sac {

struct NamedLoss {
  const char* name;  ///< as in "loss.pi"
  Network network;   ///< that learns by it
  double Losses::*value;
};

/// Those that the algorithm has: of v, pi, q1, q2, or of pi, q1, q2, alpha.
std::span<const NamedLoss> named_losses(Algorithm algorithm);

}  // namespace sac
