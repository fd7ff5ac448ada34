#include "host/cuda/gpu.h"

#include <cuda_runtime.h>

#include <cstdio>

namespace sac::cuda {

std::string kernels_in_this_build() {
#ifdef SAC_CUDA_CODE
  return "CUDA kernels for " SAC_CUDA_CODE;
#else
  return "CUDA kernels on the SIMT emulator";
#endif
}

GpuProbe probe_gpu() {
  int count = 0;
  const cudaError_t found = cudaGetDeviceCount(&count);
  if (found != cudaSuccess) {
    cudaGetLastError();  // or the next call would report it again
    return {false, cudaGetErrorString(found)};
  }
  if (count == 0) return {false, "no CUDA device"};
  cudaDeviceProp gpu;
  const cudaError_t asked = cudaGetDeviceProperties(&gpu, 0);
  if (asked != cudaSuccess) return {false, cudaGetErrorString(asked)};
  constexpr int kOldestMajor = 8;
  char line[400];
  std::snprintf(line, sizeof line, "%s, compute capability %d.%d, %d SMs, %.0f GiB", gpu.name,
                gpu.major, gpu.minor, gpu.multiProcessorCount,
                static_cast<double>(gpu.totalGlobalMem) / (1 << 30));
  if (gpu.major < kOldestMajor) return {false, std::string(line) + ": 8.0 or later is needed"};
  return {true, line};
}

}  // namespace sac::cuda
