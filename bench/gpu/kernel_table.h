// Each kernel alone: how long it takes, how far that is from the limit, and from what the cost
// model says.
#pragma once

#include "bench/gpu/ceilings.h"
#include "bench/gpu/stopwatch.h"
#include "bench/report.h"

namespace sac::bench {

/// One row per kernel, case and precision; see cases.h.
Table kernel_table(const Stopwatch& stopwatch, const Ceilings& ceilings, bool tiny);

}  // namespace sac::bench
