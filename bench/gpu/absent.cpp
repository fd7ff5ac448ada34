// Stands in for the GPU's benchmarks in a build without nvcc.
#include <stdexcept>

#include "bench/gpu/gpu_bench.h"
#include "host/cuda/gpu.h"

namespace sac::bench {

GpuBench run_gpu_bench(const GpuBenchOptions&, const Show&) {
  throw std::logic_error(cuda::probe_gpu().line);
}

}  // namespace sac::bench
