#include "host/training/readable.h"

#include <gtest/gtest.h>

namespace sac::training {
namespace {

TEST(Readable, CountsHaveThreeDigits) {
  EXPECT_EQ(compact(0), "0");
  EXPECT_EQ(compact(950), "950");
  EXPECT_EQ(compact(1000), "1.00k");
  EXPECT_EQ(compact(12'340), "12.3k");
  EXPECT_EQ(compact(4.56e6), "4.56M");
  EXPECT_EQ(compact(7e12), "7000G");
}

TEST(Readable, TimesHaveTheirUnit) {
  EXPECT_EQ(duration(12.34), "12.3 s");
  EXPECT_EQ(duration(125), "2:05 min");
  EXPECT_EQ(duration(3725), "1:02 h");
}

}  // namespace
}  // namespace sac::training
