// sac_bench: how fast, and how far from the limit. Google Benchmark's own flags apply
// (--benchmark_filter=..., --benchmark_repetitions=...); `--help` lists them.
#include <vector>

#include "bench/cpu_benchmarks.h"

int main(int argc, char** argv) {
  // Defaults that the command line can override: interleaved repetitions, so that a slow moment of
  // the machine falls on a case and its limit alike.
  static char interleave[] = "--benchmark_enable_random_interleaving=true";
  static char repetitions[] = "--benchmark_repetitions=9";
  static char min_time[] = "--benchmark_min_time=0.1";
  std::vector<char*> arguments = {argv[0], interleave, repetitions, min_time};
  arguments.insert(arguments.end(), argv + 1, argv + argc);
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 2;
  sac::TableReporter reporter;
  sac::register_cpu_benchmarks(reporter);
  benchmark::RunSpecifiedBenchmarks(&reporter);
  benchmark::Shutdown();
  return 0;
}
