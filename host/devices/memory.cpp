#include "host/devices/memory.h"

#include <unistd.h>

#include <algorithm>

#include "host/devices/control_groups.h"

namespace sac::devices {

double host_memory_bytes() {
  const double all =
      static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
  return std::min(all, memory_limit().value_or(all));
}

}  // namespace sac::devices
