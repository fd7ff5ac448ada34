#include "host/devices/control_groups.h"

#include <algorithm>
#include <fstream>
#include <functional>
#include <string>

namespace sac::devices {
namespace fs = std::filesystem;
namespace {

/// The positive number that a file of a group begins with; empty for "max", -1 and no file.
std::optional<double> number_in(const fs::path& file) {
  std::ifstream in(file);
  double number = 0;
  if (in >> number && number > 0) return number;
  return std::nullopt;
}

/// How one controller states its limit in a group's folder.
struct Controller {
  std::string name;  ///< in version 1
  std::function<std::optional<double>(const fs::path&)> version1, version2;
};

/// Least of the group and those above it, down from the mount. In a container the mount is the
/// group itself, and its path, seen from outside, leads nowhere.
std::optional<double> least_on_the_way(
    const fs::path& root, fs::path group,
    const std::function<std::optional<double>(const fs::path&)>& limit_of) {
  std::optional<double> least;
  while (true) {
    const std::optional<double> limit = limit_of(root / group);
    if (limit) least = std::min(least.value_or(*limit), *limit);
    if (group.empty()) return least;
    group = group.parent_path();
  }
}

std::optional<double> least_limit(const fs::path& membership, const fs::path& mount,
                                  const Controller& controller) {
  std::optional<double> least;
  std::ifstream lines(membership);
  for (std::string line; std::getline(lines, line);) {  // "0::/a/b" or "4:cpu,cpuacct:/a/b"
    const size_t first = line.find(':');
    const size_t second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const fs::path group = fs::path(line.substr(second + 1)).relative_path();
    std::optional<double> limit;
    if (controllers.empty()) {
      limit = least_on_the_way(mount, group, controller.version2);
    } else if ((',' + controllers + ',').find(',' + controller.name + ',') != std::string::npos) {
      limit = least_on_the_way(mount / controller.name, group, controller.version1);
    }
    if (limit) least = std::min(least.value_or(*limit), *limit);
  }
  return least;
}

std::optional<double> quotient(std::optional<double> a, std::optional<double> b) {
  return a && b ? std::optional(*a / *b) : std::nullopt;
}

/// "150000 100000": microseconds of processors in a period of so many.
std::optional<double> version2_quota(const fs::path& group) {
  std::ifstream in(group / "cpu.max");
  double quota = 0, period = 0;
  if (in >> quota >> period && quota > 0 && period > 0) return quota / period;
  return std::nullopt;
}

}  // namespace

std::optional<double> processor_quota(const fs::path& membership, const fs::path& mount) {
  const auto version1 = [](const fs::path& group) {
    return quotient(number_in(group / "cpu.cfs_quota_us"), number_in(group / "cpu.cfs_period_us"));
  };
  return least_limit(membership, mount, {"cpu", version1, version2_quota});
}

std::optional<double> memory_limit(const fs::path& membership, const fs::path& mount) {
  const auto version1 = [](const fs::path& group) {
    return number_in(group / "memory.limit_in_bytes");
  };
  const auto version2 = [](const fs::path& group) { return number_in(group / "memory.max"); };
  return least_limit(membership, mount, {"memory", version1, version2});
}

}  // namespace sac::devices
