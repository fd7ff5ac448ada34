#include "host/devices/processors.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <thread>

namespace sac::devices {
namespace {

TEST(Processors, FollowTheAffinity) {
  const int before = usable_processors();
  EXPECT_GE(before, 1);
  std::thread([] {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
    EXPECT_EQ(usable_processors(), 1);
    EXPECT_EQ(processors_in_words().substr(0, 2), "1 ");
  }).join();
  EXPECT_EQ(usable_processors(), before);
}

}  // namespace
}  // namespace sac::devices
