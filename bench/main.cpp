// sac_bench: how fast, and how far from the limit.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/cpu_benchmarks.h"
#include "bench/gpu/gpu_bench.h"
#include "bench/noise.h"
#include "bench/page.h"
#include "bench/processor.h"
#include "host/base/usage_error.h"
#include "host/commands/parse_error.h"
#include "host/cuda/gpu.h"
#include "host/files/atomic_file.h"

namespace {

constexpr const char* kDescription =
    "How fast, and how far from the limit: the CPU learner, and the kernels where there is a GPU.\n"
    "The limit is measured in the same run. bench/README.md says what the tables mean.\n";

constexpr const char* kExamples =
    "Options of Google Benchmark select and repeat CPU cases:\n"
    "  --benchmark_filter=REGEX        only the cases that match (and their limits, if they do)\n"
    "  --benchmark_list_tests          the cases there are\n"
    "  --benchmark_repetitions=N       samples of each case (default: 9)\n"
    "  --benchmark_min_time=SECONDS    length of a sample (default: 0.1)\n"
    "\n"
    "Examples:\n"
    "  sac_bench                                   everything, in about a minute\n"
    "  sac_bench --cpu --benchmark_filter=rollout  a part\n"
    "  sac_bench --json speed.json                 everything, every sample, to a file\n"
    "  sac_bench --html speed.html                 the tables as a page\n";

struct Options {
  bool cpu = false, gpu = false, quick = false;
  std::filesystem::path json, html;
  std::vector<std::string> for_google_benchmark;
};

void show(const std::string& text) {
  fmt::print("{}\n", text);
  std::fflush(stdout);
}

/// Runs the CPU cases; empty if the flags only asked to list them.
sac::bench::Table cpu_table(const Options& options) {
  // Defaults that the command line can override: interleaved repetitions, so that a slow moment of
  // the machine falls on a case and its limit alike.
  std::vector<std::string> arguments = {
      "sac_bench", "--benchmark_enable_random_interleaving=true",
      options.quick ? "--benchmark_repetitions=3" : "--benchmark_repetitions=9",
      options.quick ? "--benchmark_min_time=0.01" : "--benchmark_min_time=0.1"};
  arguments.insert(arguments.end(), options.for_google_benchmark.begin(),
                   options.for_google_benchmark.end());
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  int argc = static_cast<int>(argv.size());
  benchmark::Initialize(&argc, argv.data());
  if (argc > 1) {
    throw sac::UsageError(fmt::format("unknown option '{}'; sac_bench --help lists them", argv[1]));
  }
  sac::bench::TableReporter reporter;
  sac::bench::register_cpu_benchmarks(reporter);
  benchmark::RunSpecifiedBenchmarks(&reporter);
  benchmark::Shutdown();
  return reporter.table();
}

void add_cpu(const Options& options, sac::bench::Report& report) {
  const sac::bench::Table table = cpu_table(options);
  if (table.rows.empty()) return;
  show(as_text(table));
  for (const std::string& remark : sac::bench::noise_remarks({table})) {
    show(remark + '\n');
    report.remarks.push_back(remark);
  }
  report.tables.push_back(table);
}

/// False if a check failed.
bool add_gpu(const Options& options, sac::bench::Report& report) {
  const sac::bench::GpuBench gpu = sac::bench::run_gpu_bench(
      {.tiny = options.quick}, [](const std::string& text, const sac::bench::Report&) {
        if (!text.empty()) show(text);
      });
  const auto append = [](auto& all, const auto& more) {
    all.insert(all.end(), more.begin(), more.end());
  };
  append(report.machine, gpu.report.machine);
  append(report.tables, gpu.report.tables);
  append(report.remarks, gpu.report.remarks);
  return gpu.passed;
}

int run(const Options& options) {
  // Before all is measured for nothing.
  for (const auto& file : {options.json, options.html}) {
    if (!file.empty()) sac::files::require_writable_file(file);
  }
  const sac::cuda::GpuProbe gpu = sac::cuda::probe_gpu();
  if (options.gpu && !gpu.usable) throw sac::UsageError("no usable GPU: " + gpu.line);
  sac::bench::Report report{
      .machine = {{"version", SAC_VERSION}, {"processor", sac::bench::processor()}}};
  if (!options.gpu) add_cpu(options, report);
  bool passed = true;
  if (!options.cpu && gpu.usable) passed = add_gpu(options, report);
  if (!options.cpu && !gpu.usable) show("No GPU tables: " + gpu.line + '.');
  if (!options.json.empty()) sac::files::write_file_atomically(options.json, as_json(report));
  if (!options.html.empty()) {
    sac::files::write_file_atomically(options.html, as_html("sac_bench", report));
  }
  if (!passed)
    throw std::runtime_error("a check of the GPU's kernels failed, so nothing was timed");
  return 0;
}

int fail(int exit_code, const std::string& message) {
  fmt::print(stderr, "sac_bench: {}\n", message);
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app(kDescription, "sac_bench");
  auto* cpu = app.add_flag("--cpu", options.cpu, "only the CPU's table");
  app.add_flag("--gpu", options.gpu, "only the GPU's tables (default: both, if there is a GPU)")
      ->excludes(cpu);
  app.add_flag("--quick", options.quick,
               "a few seconds: short CPU samples; tiny GPU cases, whose figures mean nothing");
  app.add_option("--json", options.json, "also write everything, every sample, to a file")
      ->type_name("FILE");
  app.add_option("--html", options.html, "also write a page with bars to the limit")
      ->type_name("FILE");
  app.allow_extras();
  app.footer(kExamples);
  try {
    app.parse(argc, argv);
    options.for_google_benchmark = app.remaining();
    return run(options);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return 0;
  } catch (const CLI::ParseError& error) {
    return fail(2, sac::commands::explain(error, app));
  } catch (const sac::UsageError& error) {
    return fail(2, error.what());
  } catch (const std::exception& error) {
    return fail(1, error.what());
  }
}
