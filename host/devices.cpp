#include "host/devices.h"

#include <fmt/format.h>

#include <fstream>
#include <thread>

#include "host/cpu/learner.h"
#include "host/usage_error.h"

namespace sac {
namespace {

constexpr const char* kNoCuda = "this build has no CUDA learner";

std::string cpu_model() {
  std::ifstream cpuinfo("/proc/cpuinfo");
  for (std::string line; std::getline(cpuinfo, line);) {
    const size_t colon = line.find(": ");
    if (line.rfind("model name", 0) == 0 && colon != std::string::npos) {
      return line.substr(colon + 2);
    }
  }
  return "unknown model";
}

std::string instruction_set() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return "AVX-512";
  if (__builtin_cpu_supports("avx2")) return "AVX2";
  if (__builtin_cpu_supports("avx")) return "AVX";
  return "SSE2";
#elif defined(__aarch64__)
  return "NEON";
#else
  return "portable";
#endif
}

}  // namespace

const char* device_name(Device device) {
  return device == Device::cuda ? "cuda" : "cpu";
}

DeviceChoice choose_device(const std::string& request) {
  if (request == "cpu") return {Device::cpu, ""};
  if (request == "auto") return {Device::cpu, fmt::format("using the CPU: {}", kNoCuda)};
  if (request == "cuda") {
    throw UsageError(fmt::format("--device cuda: {}; use --device cpu", kNoCuda));
  }
  throw UsageError(fmt::format("--device {}: expected auto, cuda or cpu", request));
}

std::unique_ptr<Learner> make_learner(Device, const LearnerConfig& config) {
  return make_cpu_learner<float>(config);
}

std::unique_ptr<Learner> make_reference_learner(const LearnerConfig& config) {
  return make_cpu_learner<double>(config);
}

std::string describe_devices() {
  return fmt::format("cpu   {}, {} cores, {}\ncuda  not available: {}\n", cpu_model(),
                     std::thread::hardware_concurrency(), instruction_set(), kNoCuda);
}

}  // namespace sac
