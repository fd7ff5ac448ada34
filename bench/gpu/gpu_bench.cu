#include "bench/gpu/gpu_bench.h"

#include <cuda_runtime.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <initializer_list>
#include <memory>
#include <optional>
#include <stdexcept>

#include "bench/gpu/checks.h"
#include "bench/gpu/tables.h"
#include "bench/gpu/variant.h"
#include "bench/noise.h"
#include "host/base/algorithms.h"
#include "host/cuda/cuda_learner.h"
#include "host/cuda/gpu.h"
#include "kernels/sac/initialise.h"

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

/// Which of the build's code the GPU runs: what its driver made of PTX, or what nvcc did.
std::string code() {
  cudaFuncAttributes attributes{};
  check(find_code(attributes), "cudaFuncGetAttributes");
  return cuda::kernels_in_this_build() + "; binary version " +
         std::to_string(attributes.binaryVersion) + ", of PTX version " +
         std::to_string(attributes.ptxVersion);
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
          {"code", code()},
          {"driver", nvidia_smi("driver_version")},
          {std::string("clocks before (") + kClocks + ")", nvidia_smi(kClocks)}};
}

/// The report as it grows.
class Growing {
 public:
  explicit Growing(const Show& show) : show_(show) { report.machine = machine(); }

  /// A table that is still growing.
  void keep(const Table& so_far) {
    put(so_far);
    show_("", report);
  }

  void add(const Table& table) {
    put(table);
    show_(as_text(report.tables.back()) + '\n', report);
  }

  /// Clocks after everything, and what makes figures doubtful.
  void finish() {
    report.machine.push_back({std::string("clocks after (") + kClocks + ")", nvidia_smi(kClocks)});
    const std::vector<std::string> noise = noise_remarks(report.tables);
    report.remarks.insert(report.remarks.end(), noise.begin(), noise.end());
    for (const std::string& remark : report.remarks) show_(remark + '\n', report);
  }

  Report report;

 private:
  void put(Table table) {
    table.title += " (" + device_name() + ")";
    std::vector<Table>& tables = report.tables;
    if (!tables.empty() && tables.back().key == table.key) tables.pop_back();
    tables.push_back(std::move(table));
  }

  const Show& show_;
};

/// False if one failed.
bool add_checks(const GpuBenchOptions& options, Variants variants, Growing& growing) {
  const MakeLearner make =
      options.make_checked ? options.make_checked : MakeLearner(cuda::make_cuda_learner);
  Checks checks;
  check_steps(make, variants, options.tiny, checks);
  check_repeats(make, variants, options.tiny, checks);
  if (!checks.passed) growing.report.remarks.push_back("A check FAILED: see the first table.");
  growing.add(checks.table);
  return checks.passed;
}

void add_timings(const GpuBenchOptions& options, Variants variants, Growing& growing) {
  const bool tiny = options.tiny;
  const Selection& only = options.only;
  const Effort effort = tiny ? kTinyEffort : kEffort;
  const Stopwatch stopwatch(effort);
  const Keep keep = [&](const Table& so_far) { growing.keep(so_far); };
  const auto any = [&only](std::initializer_list<const char*> keys) {
    return std::ranges::any_of(keys, [&only](const char* key) { return only.has_table(key); });
  };
  if (any({"ceilings", "kernels", "normals", "latency"})) {
    const Ceilings ceilings = measure_ceilings(stopwatch, tiny);  // takes the GPU to its clock
    if (only.has_table("ceilings")) growing.add(ceilings.table());
    if (only.has_table("kernels")) {
      growing.add(kernel_table(stopwatch, ceilings, variants, only, tiny, keep));
    }
    if (only.has_table("normals")) growing.add(normals_table(stopwatch, ceilings, tiny));
    if (only.has_table("latency")) growing.add(latency_table(stopwatch, tiny));
  }
  if (only.has_table("training")) {
    growing.add(training_table(stopwatch, effort, variants, tiny, keep));
  }
}

}  // namespace

GpuBench run_gpu_bench(const GpuBenchOptions& options, const Show& show) {
  if (!cuda::probe_gpu().usable) throw std::logic_error(cuda::probe_gpu().line);
  const auto variants = variants_of(options.algorithm);
  std::optional<Table> startup;  // first: a learner made before would have loaded the kernels
  if (options.only.has_table("startup")) startup = startup_table(variants.front(), options.tiny);
  Growing growing(show);
  growing.report.machine.push_back({"algorithm", algorithm_name(options.algorithm)});
  const bool passed = !options.only.has_table("checks") || add_checks(options, variants, growing);
  if (passed || options.time_anyway) {
    add_timings(options, variants, growing);
    if (startup) growing.add(*startup);
    growing.finish();
  }
  return {growing.report, passed};
}

}  // namespace sac::bench
