#include "host/base/usage_error.h"

#include <gtest/gtest.h>

namespace sac {
namespace {

TEST(UsageErrorTest, IsOneLineWhateverItQuotes) {
  EXPECT_STREQ(UsageError("f: tensor 'a\nb\tc\x1b[1m\x7f'").what(),
               "f: tensor 'a\\nb\\tc\\x1b[1m\\x7f'");
  EXPECT_STREQ(UsageError("θ of Bézier").what(), "θ of Bézier");
  EXPECT_EQ(one_line(std::string_view("a\0b", 3)), "a\\x00b");
}

TEST(UsageErrorTest, IsNoLongerThanAnybodyReads) {
  EXPECT_EQ(one_line(std::string(2000, 'a')), std::string(2000, 'a'));
  EXPECT_EQ(one_line(std::string(2001, 'a')), std::string(2000, 'a') + "...");
  // A character of two bytes, the second of which would be the first to go, goes as a whole.
  EXPECT_EQ(one_line(std::string(1999, 'a') + "θ" + "b"), std::string(1999, 'a') + "...");
}

}  // namespace
}  // namespace sac
