// Stands in for bench/gpu/latency_cooperation.cu on the SIMT emulator, whose grids and clusters do
// not cooperate.
#include "bench/gpu/latency.h"

namespace sac::bench {

void add_cooperation_latencies(const Stopwatch&, bool, LatencyRows& rows) {
  for (const char* what : {"node of a graph, empty kernel", "barrier of the grid", "clusters"}) {
    rows.leave_out(what, "", "not on the SIMT emulator");
  }
}

}  // namespace sac::bench
