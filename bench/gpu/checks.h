// Is what is going to be timed right? Every variant of the gradient step against plain double
// computations, and against itself.
#pragma once

#include <functional>
#include <memory>

#include "bench/gpu/cases.h"
#include "bench/report.h"
#include "host/base/learner.h"

namespace sac::bench {

using MakeLearner = std::function<std::unique_ptr<Learner>(const LearnerConfig&)>;

/// What was checked, a row each.
struct Checks {
  Table table{.key = "checks",
              .title = "Checks",
              .columns = {{"what", "what", Style::text},
                          {"variant", "variant", Style::text},
                          {"against", "against", Style::text},
                          {"error", "error", Style::text},
                          {"allowed", "allowed", Style::text},
                          {"used", "used", Style::percent},
                          {"verdict", "verdict", Style::text}}};
  bool passed = true;  ///< all of them
};

/// Losses against their plain definition, gradients against its finite differences, the new state
/// against Adam and the soft update in double, with the allowances of
/// host/gradcheck/error_model.h; a row for each has the quantity that uses most of its own. Here
/// and below a cuBLAS that does not work is not checked, and nothing has failed for that. `make`
/// gives the learner that is asked: make_cuda_learner, but for tests.
void check_steps(const MakeLearner& make, Variants variants, bool tiny, Checks& checks);

/// The same bits from two runs of training by graph replay and from one by direct launches. cuBLAS
/// promises no such thing: where it gives other bits, the row says so and nothing has failed.
void check_repeats(const MakeLearner& make, Variants variants, bool tiny, Checks& checks);

}  // namespace sac::bench
