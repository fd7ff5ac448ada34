#include "host/cuda/gpu.h"

#include <chrono>
#include <cstdio>

#include "host/cuda/no_gpu.h"
#include "kernels/gpu/cuda_error.h"
#include "kernels/sac/initialise.h"

namespace sac::cuda {
namespace {

// 12040 is CUDA 12.4.
std::string version_text(int version) {
  return std::to_string(version / 1000) + '.' + std::to_string(version % 1000 / 10);
}

}  // namespace

std::string why_no_gpu(cudaError_t error, int driver, int runtime) {
  if (error == cudaErrorInsufficientDriver && driver != 0) {
    return "the NVIDIA driver is too old: it serves CUDA " + version_text(driver) +
           ", and this program was built with CUDA " + version_text(runtime);
  }
  const bool no_driver = error == cudaErrorInsufficientDriver;
  const bool no_device = error == cudaErrorNoDevice || error == cudaSuccess;
  if (no_driver || no_device) return "no NVIDIA GPU here";
  return cudaGetErrorString(error);
}

std::string kernels_in_this_build() {
#ifdef SAC_CUDA_CODE
  return "CUDA kernels for " SAC_CUDA_CODE;
#else
  return "CUDA kernels on the SIMT emulator";
#endif
}

namespace {

GpuProbe look_at_gpu() {
  int count = 0;
  const cudaError_t found = cudaGetDeviceCount(&count);
  if (found != cudaSuccess || count == 0) {
    cudaGetLastError();  // or the next call would report it again
    int driver = 0, runtime = 0;
    cudaDriverGetVersion(&driver);
    cudaRuntimeGetVersion(&runtime);
    return {false, why_no_gpu(found, driver, runtime)};
  }
  cudaDeviceProp gpu;
  const cudaError_t asked = cudaGetDeviceProperties(&gpu, 0);
  if (asked != cudaSuccess) return {false, cudaGetErrorString(asked)};
  constexpr int kOldestMajor = 8;
  char line[400];
  std::snprintf(line, sizeof line, "%s, compute capability %d.%d, %d SMs, %.0f GiB", gpu.name,
                gpu.major, gpu.minor, gpu.multiProcessorCount,
                static_cast<double>(gpu.totalGlobalMem) / (1 << 30));
  if (gpu.major < kOldestMajor) return {false, std::string(line) + ": 8.0 or later is needed"};
  cudaFuncAttributes code{};
  const cudaError_t missing = find_code(code);
  if (missing != cudaSuccess) {
    cudaGetLastError();
    return {false, std::string(line) + ": this build's " + kernels_in_this_build() +
                       " do not run there (" + cudaGetErrorString(missing) + ")"};
  }
  return {true, line};
}

}  // namespace

GpuProbe probe_gpu() {
  const auto begin = std::chrono::steady_clock::now();
  GpuProbe probe = look_at_gpu();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  static const double first = seconds.count();
  probe.first_seconds = first;
  return probe;
}

void use_gpu(int number) {
  int count = 0;
  if (cudaGetDeviceCount(&count) == cudaSuccess && count > 0) {
    check(cudaSetDevice(number % count), "cudaSetDevice");
  } else {
    cudaGetLastError();  // or the next call would report it again
  }
}

GpuMemory gpu_memory() {
  GpuMemory memory{};
  check(cudaMemGetInfo(&memory.free, &memory.total), "cudaMemGetInfo");
  return memory;
}

}  // namespace sac::cuda
