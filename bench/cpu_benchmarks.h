// The CPU learner against the limit of its matrix products.
#pragma once

#include "bench/table_reporter.h"

namespace sac::bench {

/// Registers all CPU cases with Google Benchmark and their rows with the reporter.
void register_cpu_benchmarks(TableReporter& reporter);

}  // namespace sac::bench
