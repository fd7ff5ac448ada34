#include "host/files/csv.h"

#include <gtest/gtest.h>

namespace sac::files {
namespace {

using Cells = std::vector<std::string>;

TEST(CommaSeparated, OneCellMoreThanCommas) {
  EXPECT_EQ(comma_separated("a,b,c"), (Cells{"a", "b", "c"}));
  EXPECT_EQ(comma_separated("a,,"), (Cells{"a", "", ""}));
  EXPECT_EQ(comma_separated(","), (Cells{"", ""}));
  EXPECT_EQ(comma_separated(""), (Cells{""}));
}

TEST(CommaSeparated, StripsMargins) {
  EXPECT_EQ(comma_separated(" a ,\tb c,\"d\"\r"), (Cells{"a", "b c", "d"}));
  EXPECT_EQ(comma_separated(" \r"), (Cells{""}));
}

}  // namespace
}  // namespace sac::files
