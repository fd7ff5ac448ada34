#include "host/devices/processors.h"

#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "host/devices/control_groups.h"

namespace sac::devices {
namespace {

int all_processors() {
  return std::max(static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN)), 1);
}

int scheduled_processors() {
  constexpr size_t kMost = 1 << 16;
  std::vector<cpu_set_t> set(kMost / (8 * sizeof(cpu_set_t)));
  const size_t bytes = set.size() * sizeof(cpu_set_t);
  if (sched_getaffinity(0, bytes, set.data()) != 0) return all_processors();
  return CPU_COUNT_S(bytes, set.data());
}

}  // namespace

int usable_processors() {
  const double scheduled = scheduled_processors();
  const double paid = std::ceil(processor_quota().value_or(scheduled));
  return static_cast<int>(std::max(1.0, std::min(scheduled, paid)));
}

int processors_of_one_in(int processes) {
  return std::min(usable_processors(), std::max(1, all_processors() / processes));
}

std::string processors_in_words() {
  const int all = all_processors(), usable = usable_processors();
  return usable < all ? fmt::format("{} of {} processors", usable, all)
                      : fmt::format("{} processor{}", all, all == 1 ? "" : "s");
}

}  // namespace sac::devices
