#include "host/devices/control_groups.h"

#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"

namespace sac::devices {
namespace {

/// Control groups as files.
class ControlGroups : public testing::Test {
 protected:
  void put(const std::string& file, const std::string& content) {
    std::filesystem::create_directories((directory_ / file).parent_path());
    put_file(directory_ / file, content);
  }

  std::optional<double> quota() {
    return processor_quota(directory_ / "membership", directory_ / "mount");
  }
  std::optional<double> memory() {
    return memory_limit(directory_ / "membership", directory_ / "mount");
  }

  TemporaryDirectory directory_;
};

TEST_F(ControlGroups, MayHaveNoLimits) {
  EXPECT_FALSE(quota().has_value());
  put("membership", "0::/a/b\n");
  EXPECT_FALSE(quota().has_value());
  put("mount/a/b/cpu.max", "max 100000\n");
  put("mount/a/b/memory.max", "max\n");
  EXPECT_FALSE(quota().has_value());
  EXPECT_FALSE(memory().has_value());
}

TEST_F(ControlGroups, Version2TakesTheLeastOnTheWayUp) {
  put("membership", "0::/a/b\n");
  put("mount/a/b/cpu.max", "400000 100000\n");
  put("mount/a/b/memory.max", "4096\n");
  EXPECT_EQ(quota(), 4.0);
  put("mount/a/cpu.max", "150000 100000\n");
  put("mount/a/memory.max", "8192\n");
  EXPECT_EQ(quota(), 1.5);
  EXPECT_EQ(memory(), 4096.0);
}

// Inside a container the path may be that of the host, and the mount the group.
TEST_F(ControlGroups, OfAContainerAreAtTheMount) {
  put("membership", "0::/docker/0123\n");
  put("mount/cpu.max", "200000 100000\n");
  EXPECT_EQ(quota(), 2.0);
}

TEST_F(ControlGroups, Version1HasAFolderPerController) {
  put("membership", "5:memory:/m\n4:cpu,cpuacct:/a\n3:cpuset:/b\n0::/\n");
  put("mount/cpu/a/cpu.cfs_quota_us", "-1\n");
  put("mount/cpu/a/cpu.cfs_period_us", "100000\n");
  EXPECT_FALSE(quota().has_value());
  put("mount/cpu/a/cpu.cfs_quota_us", "50000\n");
  put("mount/memory/m/memory.limit_in_bytes", "1000000\n");
  EXPECT_EQ(quota(), 0.5);
  EXPECT_EQ(memory(), 1e6);
}

}  // namespace
}  // namespace sac::devices
