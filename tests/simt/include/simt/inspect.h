// The side of the emulator that tests look at: how kernels are run, what was found, what was
// counted.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simt/vector_types.h"

namespace simt {

/// In which order the threads of a block, or the blocks of a grid, take their turns.
enum class Order { forward, reverse, random };

struct Options {
  Order threads = Order::forward;
  Order blocks = Order::forward;
  uint64_t seed = 0;     ///< of the random orders
  bool deferred = true;  ///< stream work runs when the host waits for it, not when it is submitted
  bool count = false;    ///< fill Counters; needs checked kernels
  int workers = 1;  ///< host threads that share the blocks of a launch; checked kernels use one
  size_t shared_bytes = 227 * 1024;  ///< that a block can ask for; an SM has 1 KB more
  bool has_code = true;  ///< false: a device that no kernel was compiled for
};

/// Environment: SIMT_ORDER=forward|reverse|random (threads and blocks), SIMT_SEED, SIMT_WORKERS.
Options options_from_environment();

/// Starts as options_from_environment(). Setting first runs all work that was submitted.
const Options& options();
void set_options(const Options& options);

/// What can be found wrong.
enum class Finding {
  divergent_barrier,   ///< threads of a block at different barriers, or exited before one
  warp_mask,           ///< lanes that disagree on a warp collective or its mask
  race,                ///< unordered accesses to one word, at least one of them a write
  out_of_bounds,       ///< outside of every allocation, or past the end of one
  uninitialised_read,  ///< a read of bytes that nobody wrote
  misaligned,          ///< an access whose address is no multiple of its width
  trap,                ///< __trap()
};

const char* name(Finding finding);

struct Report {
  Finding finding;
  std::string line;    ///< file:line; empty if not known
  std::string kernel;  ///< empty if the host did it
  uint3 block, thread;
  std::string message;  ///< what happened, in words
};

/// Everything found since the last reset, in order; each source line is reported once per finding.
/// Waits for submitted work. A report is also printed to stderr, and the launch fails.
std::vector<Report> reports();

/// Forgets submitted work, reports, counters and the error that a failed launch left behind.
void reset();

/// True if kernels that were compiled for checking are part of this program.
bool checked();

/// Memory traffic of one kernel's warps, summed over its launches since the last reset.
struct Counters {
  int64_t launches = 0;
  int64_t shared_requests = 0;    ///< warp-wide loads and stores of shared memory
  int64_t shared_wavefronts = 0;  ///< passes they take: bank conflicts included
  int64_t shared_ideal = 0;       ///< passes they would take without conflicts
  int64_t global_requests = 0;    ///< warp-wide loads and stores of device memory
  int64_t global_sectors = 0;     ///< 32-byte sectors they touch
  int64_t global_ideal = 0;       ///< sectors that the same bytes would fill, packed
};

/// Counters of one source line of a kernel.
struct LineCounters {
  std::string line;  ///< file:line
  Counters counters;
};

/// Counters of a kernel (a `__global__` function). Waits for submitted work.
Counters counters(const void* kernel);
template <class... Parameters>
Counters counters(void (*kernel)(Parameters...)) {
  return counters(reinterpret_cast<const void*>(kernel));
}

/// Counters of one kernel among all.
struct KernelCounters {
  std::string name;    ///< demangled, template arguments included
  const void* kernel;  ///< for counters_by_line
  Counters counters;
};

/// Counters of every kernel launched since the last reset.
std::vector<KernelCounters> all_counters();

/// One kernel's counters by source line, those with the largest excess first.
std::vector<LineCounters> counters_by_line(const void* kernel);
template <class... Parameters>
std::vector<LineCounters> counters_by_line(void (*kernel)(Parameters...)) {
  return counters_by_line(reinterpret_cast<const void*>(kernel));
}

}  // namespace simt
