// Is what is going to be timed right? Every variant of the gradient step against plain double
// computations, and against itself.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "bench/gpu/cases.h"
#include "bench/report.h"
#include "host/learner.h"

namespace sac {

using MakeLearner = std::function<std::unique_ptr<Learner>(const LearnerConfig&)>;

struct Checks {
  Table table;
  bool passed = true;
};

/// Losses against their plain definition, gradients against its finite differences, the new state
/// against Adam and the soft update in double; and the same bits from two runs by graph replay and
/// one by direct launches. `make` gives the learner that is asked: make_cuda_learner, but for
/// tests.
Checks check_learners(const MakeLearner& make, std::span<const Variant> variants, bool tiny);

}  // namespace sac
