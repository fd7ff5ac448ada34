// sac_bench_gpu: the GPU's part of sac_bench as a program of its own, for a machine with a GPU, a
// CUDA Toolkit and nothing else. `make bench-gpu` builds and runs it.
#include <cctype>
#include <cstdio>
#include <ctime>
#include <exception>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/gpu/gpu_bench.h"
#include "bench/page.h"
#include "host/base/algorithms.h"
#include "host/base/usage_error.h"
#include "host/cuda/gpu.h"

namespace {

constexpr char kHelp[] =
    "Checks the kernels, then times everything on GPU 0 and leaves DATE-DEVICE-ALGORITHM.md, .html "
    "and "
    ".json behind, with each table as soon as it is there.\n"
    "\n"
    "sac_bench_gpu [--out DIR] [--commit ID] [--algorithm A] [--quick] [--time-anyway]\n"
    "              [--only NAME]...\n"
    "\n"
    "  --out DIR      where the results go (default: bench/results)\n"
    "  --commit ID    what was built, for the results' heading\n"
    "  --algorithm A  sac-v1 (the default) or sac-v2\n"
    "  --quick        few tiny cases: everything runs, and the figures mean nothing\n"
    "  --time-anyway  time also what failed a check\n"
    "  --only NAME    this table or this kernel alone, unchecked; may be given several times\n"
    "\n"
    "Exit code: 0; 1 if a check failed; 2 if there is no usable GPU or an option is wrong.\n";

struct Options {
  std::filesystem::path out = "bench/results";
  std::string commit = "not known";
  sac::Algorithm algorithm = sac::Algorithm::sac_v1;
  std::vector<std::string> only;
  bool quick = false, time_anyway = false, help = false;
};

/// Throws sac::UsageError.
Options parsed(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    const auto value = [&] {
      if (++i == argc) throw sac::UsageError(name + " needs a value");
      return std::string(argv[i]);
    };
    if (name == "--out") {
      options.out = value();
    } else if (name == "--commit") {
      options.commit = value();
    } else if (name == "--algorithm") {
      options.algorithm = sac::algorithm_named(value());
    } else if (name == "--quick") {
      options.quick = true;
    } else if (name == "--time-anyway") {
      options.time_anyway = true;
    } else if (name == "--only") {
      options.only.push_back(value());
    } else if (name == "--help" || name == "-h") {
      options.help = true;
    } else {
      throw sac::UsageError("unknown option '" + name +
                            "': there are --out, --commit, --algorithm, --quick, "
                            "--time-anyway, --only and --help");
    }
  }
  return options;
}

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path);
  if (!(file << text << std::flush)) throw std::runtime_error("cannot write " + path.string());
}

/// By UTC: "2026-01-31".
std::string today() {
  const std::time_t now = std::time(nullptr);
  char text[16];
  std::strftime(text, sizeof text, "%Y-%m-%d", std::gmtime(&now));
  return text;
}

/// A device's name as part of a file name: lower case, everything but letters and digits a dash.
std::string slug(const std::string& device) {
  std::string result;
  for (const unsigned char c : device) {
    if (std::isalnum(c)) {
      result += static_cast<char>(std::tolower(c));
    } else if (!result.empty() && result.back() != '-') {
      result += '-';
    }
  }
  return result;
}

int run(const Options& options) {
  const sac::bench::Selection only(options.only);
  const sac::cuda::GpuProbe gpu = sac::cuda::probe_gpu();
  if (!gpu.usable) throw sac::UsageError("no usable GPU: " + gpu.line);
  const std::string device = gpu.line.substr(0, gpu.line.find(','));
  const std::string algorithm = sac::algorithm_name(options.algorithm);
  const std::string name = today() + '-' + slug(device + ' ' + algorithm);
  std::filesystem::create_directories(options.out);
  const std::filesystem::path markdown = options.out / (name + ".md"),
                              html = options.out / (name + ".html"),
                              json = options.out / (name + ".json");
  const auto keep = [&](sac::bench::Report report) {
    report.machine.push_back({"commit", options.commit});
    const std::string title = today() + ": " + device + ", " + algorithm;
    write(markdown, as_markdown(title, report));
    write(html, as_html(title, report));
    write(json, as_json(report));
  };
  const sac::bench::GpuBench bench =
      sac::bench::run_gpu_bench({.tiny = options.quick,
                                 .time_anyway = options.time_anyway,
                                 .only = only,
                                 .algorithm = options.algorithm},
                                [&](const std::string& text, const sac::bench::Report& so_far) {
                                  if (!text.empty()) std::printf("%s\n", text.c_str());
                                  std::fflush(stdout);
                                  keep(so_far);
                                });
  keep(bench.report);
  std::printf("%s\n%s\n%s\n", markdown.c_str(), html.c_str(), json.c_str());
  if (!bench.passed) {
    throw std::runtime_error(options.time_anyway ? "a check failed"
                                                 : "a check failed, so nothing was timed");
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Options options = parsed(argc, argv);
    if (options.help) {
      std::printf("%s\n--only knows %s.\n", kHelp, sac::bench::selectable_names().c_str());
      return 0;
    }
    return run(options);
  } catch (const sac::UsageError& error) {
    std::fprintf(stderr, "sac_bench_gpu: %s\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "sac_bench_gpu: %s\n", error.what());
    return 1;
  }
}
