// What an agent that has solved its task learns with, where the run keeps going.
#pragma once

#include <cstdint>

#include "host/base/learner.h"

namespace sac::training {

/// The learning rates, from the solve on in proportion to 1/t: at `updates` gradient steps, of
/// which the first `updates_to_solve` were at full rate. A policy that drifts as little as the
/// balance tasks ask for does not stay so at the rates that are good for finding it.
Hyperparameters annealed(Hyperparameters hyper, int64_t updates_to_solve, int64_t updates);

}  // namespace sac::training
