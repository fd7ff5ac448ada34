#include "host/base/finite_number.h"

#include <gtest/gtest.h>

#include "host/base/usage_error.h"

namespace sac {
namespace {

TEST(FiniteNumber, ReadsEveryDigit) {
  EXPECT_EQ(finite_number("0.35904249548912048", "x"), 0.35904249548912048);
  EXPECT_EQ(finite_number("-1e-3", "x"), -1e-3);
  EXPECT_EQ(finite_number("+2", "x"), 2);
  EXPECT_EQ(finite_number("1e-400", "x"), 0);
}

TEST(FiniteNumber, RefusesTheRest) {
  for (const char* text : {"", "abc", "1.5x", "1 2", "nan", "inf", "-inf", "1e39", "1e999"}) {
    EXPECT_THROW(finite_number(text, "x"), UsageError) << text;
  }
  EXPECT_THROW(finite_number(std::string("1\0", 2), "x"), UsageError);
}

TEST(FiniteNumber, SaysWhatWasWrong) {
  try {
    finite_number("1..2", "speed");
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_STREQ(error.what(), "speed is '1..2'; allowed: a finite number");
  }
}

}  // namespace
}  // namespace sac
