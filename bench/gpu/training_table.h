// Training as a user runs it, by the wall clock: the whole learner, in every variant.
#pragma once

#include "bench/gpu/ceilings.h"
#include "bench/report.h"

namespace sac::bench {

/// Time to the first update, from nothing; call it before anything else uses the GPU. A second
/// learner of the same process follows.
Table startup_table(bool tiny);

/// Updates and environment steps per second, and kernels per update.
Table training_table(const Stopwatch& stopwatch, const Effort& effort, bool tiny);

}  // namespace sac::bench
