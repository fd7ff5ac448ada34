#include "host/devices/memory.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "host/cpu/memory_need.h"
#include "host/cuda/gpu.h"
#include "host/devices/control_groups.h"
#include "kernels/layout.h"

namespace sac::devices {

double memory_need(Device device, const LearnerConfig& c) {
  if (device == Device::cpu) return cpu::memory_need(c);
  // The replay, parameters with gradients and moments, and the activations of a batch and of all
  // environments.
  const double replay = static_cast<double>(c.replay_capacity) * record_layout(c.shape).size;
  const double parameters = 5.0 * static_cast<double>(agent_stride(c.shape));
  const double per_row = 4.0 * c.shape.hidden + 4.0 * c.shape.obs;
  const double rows = 5.0 * c.batch + static_cast<double>(c.envs);
  return sizeof(float) * c.agents * (replay + parameters + rows * per_row);
}

Memory available_memory(Device device) {
  constexpr double kGigabyte = 1e9;
  if (device == Device::cuda) {
    const cuda::GpuMemory gpu = cuda::gpu_memory();
    const double free = static_cast<double>(gpu.free), total = static_cast<double>(gpu.total);
    return {free, fmt::format("the GPU has {:.1f} GB free of {:.1f} GB", free / kGigabyte,
                              total / kGigabyte)};
  }
  const double all =
      static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
  const double bytes = std::min(all, memory_limit().value_or(all));
  return {bytes, fmt::format("this machine has {:.1f} GB", bytes / kGigabyte)};
}

}  // namespace sac::devices
