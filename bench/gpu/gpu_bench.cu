#include "bench/gpu/gpu_bench.h"

#include <cuda_runtime.h>

#include <array>
#include <cstdio>
#include <memory>
#include <stdexcept>

#include "bench/gpu/checks.h"
#include "bench/gpu/tables.h"
#include "bench/gpu/variant.h"
#include "bench/noise.h"
#include "host/cuda/cuda_learner.h"
#include "host/cuda/gpu.h"

namespace sac::bench {
namespace {

constexpr Effort kEffort = {.hot_samples = 15, .cold_samples = 11, .sample_micros = 500};
constexpr Effort kTinyEffort = {.hot_samples = 3, .cold_samples = 3, .sample_micros = 1};

std::string device_name() {
  cudaDeviceProp gpu;
  check(cudaGetDeviceProperties(&gpu, 0), "cudaGetDeviceProperties");
  return gpu.name;
}

std::string version_text(int version) {
  return std::to_string(version / 1000) + '.' + std::to_string(version % 1000 / 10);
}

/// What nvidia-smi says of device 0, by its place on the bus: it may number devices otherwise.
std::string nvidia_smi(const std::string& properties) {
  std::array<char, 32> place{};
  check(cudaDeviceGetPCIBusId(place.data(), place.size(), 0), "cudaDeviceGetPCIBusId");
  const std::string command = std::string("nvidia-smi --format=csv,noheader -i ") + place.data() +
                              " --query-gpu=" + properties + " 2> /dev/null";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::array<char, 256> line{};
  if (!pipe || std::fgets(line.data(), line.size(), pipe.get()) == nullptr) return "not known";
  const std::string text = line.data();
  return text.substr(0, text.find('\n'));
}

constexpr char kClocks[] = "clocks.sm,clocks.mem,clocks.max.sm,clocks.max.mem,power.limit";

std::vector<std::pair<std::string, std::string>> machine() {
  int driver = 0, runtime = 0;
  check(cudaDriverGetVersion(&driver), "cudaDriverGetVersion");
  check(cudaRuntimeGetVersion(&runtime), "cudaRuntimeGetVersion");
  return {{"device", cuda::probe_gpu().line},
          {"CUDA", "runtime " + version_text(runtime) + ", driver for " + version_text(driver)},
          {"driver", nvidia_smi("driver_version")},
          {std::string("clocks before (") + kClocks + ")", nvidia_smi(kClocks)}};
}

}  // namespace

GpuBench run_gpu_bench(const GpuBenchOptions& options, const Show& show) {
  if (!cuda::probe_gpu().usable) throw std::logic_error(cuda::probe_gpu().line);
  const bool tiny = options.tiny;
  const Table startup = startup_table(tiny);  // first: whatever else runs would start CUDA
  GpuBench bench{{.machine = machine()}, true};
  Report& report = bench.report;
  const auto add = [&](Table table) {
    table.title += " (" + device_name() + ")";
    report.tables.push_back(std::move(table));
    show(as_text(report.tables.back()) + '\n', report);
  };
  const MakeLearner make =
      options.make_checked ? options.make_checked : MakeLearner(cuda::make_cuda_learner);
  Checks checks;
  check_steps(make, kVariants, tiny, checks);
  check_repeats(make, kVariants, tiny, checks);
  bench.passed = checks.passed;
  if (!checks.passed) report.remarks.push_back("A check FAILED: see the first table.");
  add(checks.table);
  if (!checks.passed && !options.time_anyway) return bench;

  const Effort effort = tiny ? kTinyEffort : kEffort;
  const Stopwatch stopwatch(effort);
  const Ceilings ceilings = measure_ceilings(stopwatch, tiny);
  add(ceilings.table());
  add(kernel_table(stopwatch, ceilings, tiny));
  add(normals_table(stopwatch, ceilings, tiny));
  add(training_table(stopwatch, effort, tiny));
  add(startup);
  report.machine.push_back({std::string("clocks after (") + kClocks + ")", nvidia_smi(kClocks)});
  const std::vector<std::string> noise = noise_remarks(report.tables);
  report.remarks.insert(report.remarks.end(), noise.begin(), noise.end());
  for (const std::string& remark : report.remarks) show(remark + '\n', report);
  return bench;
}

}  // namespace sac::bench
