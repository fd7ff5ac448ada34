// What the control groups of a container or a service leave this process of the machine, versions 1
// and 2. The least limit counts of the process's group and those above it. `membership` and `mount`
// are /proc/self/cgroup and /sys/fs/cgroup.
#pragma once

#include <filesystem>
#include <optional>

namespace sac::devices {

/// Processors that are paid for, 1.5 for instance; empty without a quota.
std::optional<double> processor_quota(const std::filesystem::path& membership = "/proc/self/cgroup",
                                      const std::filesystem::path& mount = "/sys/fs/cgroup");

/// Bytes of memory; empty without a limit.
std::optional<double> memory_limit(const std::filesystem::path& membership = "/proc/self/cgroup",
                                   const std::filesystem::path& mount = "/sys/fs/cgroup");

}  // namespace sac::devices
