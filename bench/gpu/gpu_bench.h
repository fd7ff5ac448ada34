// Everything that is measured on a GPU, in order, as one report. bench/README.md says what the
// tables mean.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "bench/gpu/selection.h"
#include "bench/report.h"
#include "host/base/learner.h"

namespace sac::bench {

struct GpuBenchOptions {
  bool tiny = false;  ///< cases that a simulated GPU can do: they run everything, tell nothing
  bool time_anyway = false;  ///< also where a check failed
  Selection only{};          ///< nothing else is checked or timed
  Algorithm algorithm = Algorithm::sac_v1;
  /// Makes what is checked; if empty, the CUDA learner. For tests.
  std::function<std::unique_ptr<Learner>(const LearnerConfig&)> make_checked{};
};

struct GpuBench {
  Report report;
  bool passed;  ///< false: a check failed, and unless it was to be timed anyway, nothing was timed
};

/// Gets each table and remark as text as soon as it is there, and the report so far; of a long
/// table also its first rows, without text.
using Show = std::function<void(const std::string& text, const Report& so_far)>;

/// Checks, then measures, on GPU 0. A cuBLAS or cuRAND that fails costs its own rows, which say
/// why. Throws CudaError; std::logic_error where probe_gpu (host/cuda/gpu.h) finds no usable GPU.
GpuBench run_gpu_bench(const GpuBenchOptions& options, const Show& show);

}  // namespace sac::bench
