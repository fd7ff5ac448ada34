// Everything that is measured on a GPU, in order, as one report. bench/README.md says what the
// tables mean.
#pragma once

#include <functional>
#include <string>

#include "bench/report.h"

namespace sac::bench {

struct GpuBench {
  Report report;
  bool passed;  ///< false: a check failed, and nothing was timed
};

/// Checks, then measures, on GPU 0. `tiny`: cases that a simulated GPU can do; they run everything
/// and tell nothing. `show` gets each table's text as soon as it is there. Throws CudaError;
/// std::logic_error where probe_gpu (host/cuda/gpu.h) finds no usable GPU.
GpuBench run_gpu_bench(bool tiny, const std::function<void(const std::string&)>& show);

}  // namespace sac::bench
