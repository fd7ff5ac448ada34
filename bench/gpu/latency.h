// How long the smallest things take: what decides how kernels should be cut and launched.
#pragma once

#include <cstdint>
#include <string>

#include "bench/gpu/stopwatch.h"
#include "bench/report.h"

namespace sac::bench {

/// The table as it is filled.
class LatencyRows {
 public:
  explicit LatencyRows(Table& table) : table_(table) {}

  /// What a cycle is, in nanoseconds; rows from then on have cycles.
  void set_cycle(double nanoseconds) { cycle_ = nanoseconds; }

  /// `micros` of so many steps, one after another.
  void add(const std::string& what, const std::string& which, double steps, const Samples& micros);

  /// A number that is no time.
  void add_count(const std::string& what, const std::string& which, int count);

  void leave_out(const std::string& what, const std::string& which, const std::string& why);

 private:
  Table& table_;
  double cycle_ = 0;
};

/// The clock, loads from L2 and from shared memory, rings of cp.async.
void add_memory_latencies(const Stopwatch& stopwatch, bool tiny, LatencyRows& rows);

/// Nodes of a graph with and without programmatic dependent launch, barriers of a cluster and of
/// the grid, another block's shared memory, how many clusters fit. Where this GPU or this build
/// cannot do one, a row says so.
void add_cooperation_latencies(const Stopwatch& stopwatch, bool tiny, LatencyRows& rows);

}  // namespace sac::bench
