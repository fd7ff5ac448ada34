#include "host/devices/devices.h"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>

#include "host/base/usage_error.h"
#include "host/cpu/cpu_learner.h"
#include "host/cpu/tiling.h"
#include "host/cuda/cuda_learner.h"
#include "host/cuda/gpu.h"
#include "host/devices/memory.h"
#include "host/devices/processors.h"
#include "kernels/fused/widths.h"

namespace sac::devices {
namespace {

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

/// What of the config the device does not serve; empty if it serves all. The words are no options'
/// names: not every command has them.
std::string unserved(Device device, const LearnerConfig& c) {
  if (device == Device::cpu) {
    if (c.mlp == Mlp::cublas) return "mlp cublas: needs a GPU; the CPU expects fused";
    if (c.precision == Precision::tf32) {
      return "precision tf32: the CPU computes in fp32 or bf16";
    }
    const int tiles = cpu::Tiling(c.batch, c.shape.hidden).count;
    if (c.ranks != nullptr && c.ranks->size > tiles) {
      return fmt::format(
          "{} ranks: a batch of {} is computed in {} tiles with hidden {}, at least one for a rank",
          c.ranks->size, c.batch, tiles, c.shape.hidden);
    }
    return "";
  }
  if (c.ranks != nullptr) {
    if (const std::string reason = cuda::why_no_exchange(); !reason.empty()) {
      return fmt::format("{} ranks: {}; on the CPU they need none", c.ranks->size, reason);
    }
    if (c.ranks->size > c.batch) {
      return fmt::format("{} ranks: a batch of {} has not a row for each", c.ranks->size, c.batch);
    }
  }
  if (c.mlp == Mlp::cublas) return "";
  if (!fused::is_fused(c.shape.hidden)) {
    return fmt::format("hidden {}: expected {} on the GPU; mlp cublas and the CPU take any width",
                       c.shape.hidden, fused::widths_in_words());
  }
  const cuda::SharedMemory shared = cuda::fused_shared_memory(c.shape.hidden, c.precision);
  if (shared.needed <= shared.available) return "";
  return fmt::format(
      "precision {}, hidden {}: a block needs {} KB of shared memory, this GPU gives {}; the CPU "
      "and smaller blocks, as those of fp32 and tf32, need less",
      precision_name(c.precision), c.shape.hidden, (shared.needed + 1023) / 1024,
      shared.available / 1024);
}

/// "need 3.1 GB, this machine has 2.0 GB"; empty if the learner fits. `scalar_bytes` is 4 or 8.
std::string lacking_memory(Device device, const LearnerConfig& c, size_t scalar_bytes) {
  constexpr double kGigabyte = 1e9;
  const double need = memory_need(device, c) * scalar_bytes / sizeof(float);
  const Memory memory = available_memory(device);
  if (need <= memory.bytes) return "";
  return fmt::format("need {:.1f} GB, {}", need / kGigabyte, memory.line);
}

/// Why the device cannot have the learner, in float; empty if it can.
std::string obstacle(Device device, const LearnerConfig& c) {
  if (const std::string reason = unserved(device, c); !reason.empty()) return reason;
  const std::string lacking = lacking_memory(device, c, sizeof(float));
  return lacking.empty() ? "" : "replay and networks " + lacking;
}

/// Before anything is allocated.
void require_host_memory(const LearnerConfig& c, size_t scalar_bytes) {
  const std::string lacking = lacking_memory(Device::cpu, c, scalar_bytes);
  if (lacking.empty()) return;
  throw UsageError(fmt::format(
      "too large for memory: hidden {}, batch {}, envs {}, agents {} and a replay of {} {}",
      c.shape.hidden, c.batch, c.envs, c.agents, c.replay_capacity, lacking));
}

}  // namespace

const char* device_name(Device device) {
  return device == Device::cuda ? "cuda" : "cpu";
}

void use_gpu(int number) {
  cuda::use_gpu(number);
}

DeviceChoice choose_device(const std::string& request) {
  if (request == "cpu") return {Device::cpu, ""};
  if (request != "auto" && request != "cuda") {
    throw UsageError(fmt::format("--device {}: expected auto, cuda or cpu", request));
  }
  const cuda::GpuProbe gpu = cuda::probe_gpu();
  if (request == "auto") {
    if (gpu.usable) return {Device::cuda, fmt::format("using the GPU: {}", gpu.line)};
    return {Device::cpu, fmt::format("using the CPU: {}", gpu.line)};
  }
  if (!gpu.usable) {
    throw UsageError(fmt::format("--device cuda: {}; use --device cpu", gpu.line));
  }
  return {Device::cuda, ""};
}

Precision choose_precision(Device device, const std::string& request) {
  if (request == "auto") return device == Device::cuda ? Precision::tf32 : Precision::fp32;
  for (const Precision p : {Precision::fp32, Precision::tf32, Precision::bf16}) {
    if (request == precision_name(p)) return p;
  }
  throw UsageError(fmt::format("--precision {}: expected auto, fp32, tf32 or bf16", request));
}

const char* mlp_name(Mlp mlp) {
  return mlp == Mlp::fused ? "fused" : "cublas";
}

Mlp choose_mlp(const std::string& request) {
  for (const Mlp mlp : {Mlp::fused, Mlp::cublas}) {
    if (request == mlp_name(mlp)) return mlp;
  }
  throw UsageError(fmt::format("--mlp {}: expected fused or cublas", request));
}

DeviceChoice choose(const Request& request, LearnerConfig& config) {
  const DeviceChoice choice = choose_device(request.device);
  config.precision = choose_precision(choice.device, request.precision);
  config.mlp = choose_mlp(request.mlp);
  if (request.device != "auto" || choice.device == Device::cpu) return choice;
  const std::string reason = obstacle(choice.device, config);
  LearnerConfig on_cpu = config;
  on_cpu.precision = choose_precision(Device::cpu, request.precision);
  if (reason.empty() || !obstacle(Device::cpu, on_cpu).empty()) return choice;
  config = on_cpu;
  return {Device::cpu, "using the CPU: " + reason, true};
}

void require_served(Device device, const LearnerConfig& config) {
  if (const std::string reason = unserved(device, config); !reason.empty()) {
    throw UsageError(reason);
  }
  if (device == Device::cpu) require_host_memory(config, sizeof(float));
}

std::unique_ptr<Learner> make_learner(Device device, const LearnerConfig& config) {
  require_served(device, config);
  return device == Device::cuda ? cuda::make_cuda_learner(config)
                                : cpu::make_cpu_learner<float>(config);
}

std::unique_ptr<Learner> make_reference_learner(const LearnerConfig& config) {
  require_host_memory(config, sizeof(double));
  LearnerConfig exact = config;
  exact.precision = Precision::fp32;  // operands as they are
  return cpu::make_cpu_learner<double>(exact);
}

std::string describe_devices() {
  const cuda::GpuProbe gpu = cuda::probe_gpu();
  return fmt::format("cpu    {}, {}, {}\ncuda   {}{}\nbuild  CPU learner, {}\n", cpu_model(),
                     processors_in_words(), instruction_set(),
                     gpu.usable ? "" : "not available: ", gpu.line, cuda::kernels_in_this_build());
}

}  // namespace sac::devices
