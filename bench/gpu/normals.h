// Standard normals in bulk: Philox and Box-Muller as the kernels draw them, against cuRAND.
#pragma once

#include "bench/gpu/ceilings.h"
#include "bench/gpu/stopwatch.h"
#include "bench/report.h"

namespace sac::bench {

/// One row per generator and number of normals; the limit is writing them to memory.
Table normals_table(const Stopwatch& stopwatch, const Ceilings& ceilings, bool tiny);

}  // namespace sac::bench
