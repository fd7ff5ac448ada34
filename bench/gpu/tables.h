// The tables of what is timed; bench/README.md says what they mean. Each is measured as it is made,
// on GPU 0, and throws CudaError if that fails. A row of cuBLAS or cuRAND that fails has the reason
// instead of figures.
#pragma once

#include <functional>

#include "bench/gpu/ceilings.h"
#include "bench/gpu/selection.h"
#include "bench/gpu/stopwatch.h"
#include "bench/gpu/variant.h"
#include "bench/report.h"

namespace sac::bench {

/// Gets a long table again and again as it grows.
using Keep = std::function<void(const Table& so_far)>;

/// Each kernel alone: how long it takes, how far that is from the limit, and from what the cost
/// model says. One row per wanted kernel, case and variant; see cases.h.
Table kernel_table(const Stopwatch& stopwatch, const Ceilings& ceilings, Variants variants,
                   const Selection& only, bool tiny, const Keep& keep);

/// The smallest things: a node of a graph, a load, a barrier. See latency.h.
Table latency_table(const Stopwatch& stopwatch, bool tiny);

/// Standard normals in bulk: Philox and Box-Muller as the kernels draw them, against cuRAND. One
/// row per generator and number of normals; the limit is writing them to memory.
Table normals_table(const Stopwatch& stopwatch, const Ceilings& ceilings, bool tiny);

/// Training as a user runs it, by the wall clock, in every variant: updates and environment steps
/// per second, and kernels per update.
Table training_table(const Stopwatch& stopwatch, const Effort& effort, Variants variants, bool tiny,
                     const Keep& keep);

/// Time to the first update, from nothing; call it before anything else makes a learner. A second
/// learner of the same process follows.
Table startup_table(const Variant& variant, bool tiny);

}  // namespace sac::bench
