#include "host/devices/memory.h"

#include <unistd.h>

#include <algorithm>

#include "host/cpu/memory_need.h"
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

double host_memory_bytes() {
  const double all =
      static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
  return std::min(all, memory_limit().value_or(all));
}

}  // namespace sac::devices
