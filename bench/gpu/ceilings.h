// What this GPU can do at best, measured with kernels that do nothing else: the limits that the
// other kernels are compared with.
#pragma once

#include <string>
#include <vector>

#include "bench/gpu/cost_model.h"
#include "bench/gpu/stopwatch.h"
#include "bench/report.h"

namespace sac::bench {

/// One resource: what a launch used of it, and how long it took.
struct Ceiling {
  std::string what;
  double amount;  ///< bytes or FLOP per launch
  Samples micros;

  /// Bytes or FLOP per second.
  double rate() const { return 1e6 * amount / micros.median(); }
};

struct Ceilings {
  Ceiling copy;  ///< device memory, read and written bytes added
  Ceiling l2;    ///< reads of an array that stays in the L2 cache, not in L1
  Ceiling fma;   ///< fp32 fused multiply-adds
  Ceiling tf32;  ///< mma.sync
  Ceiling bf16;  ///< mma.sync

  /// FLOP per second of products in this precision.
  double flops(Precision precision) const;

  /// Microseconds that no kernel of this cost can do without.
  double limit(const cost::Cost& cost, Precision precision) const;

  /// The same if nothing it needs is in L2.
  double cold_limit(const cost::Cost& cost, Precision precision) const;

  Table table() const;
};

/// Measures all of them, and leaves the GPU warm. `tiny`: arrays and loops of a size that a
/// simulated GPU can do.
Ceilings measure_ceilings(const Stopwatch& stopwatch, bool tiny);

}  // namespace sac::bench
