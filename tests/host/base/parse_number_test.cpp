#include "host/base/parse_number.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "host/base/usage_error.h"
#include "tests/support/usage_error_of.h"

namespace sac {
namespace {

TEST(Number, AcceptsTheWholeRange) {
  const Range<int> range{1, 4096};
  EXPECT_EQ(parse_number("--hidden", "1", range), 1);
  EXPECT_EQ(parse_number("--hidden", "4096", range), 4096);
  EXPECT_EQ(parse_number("--gamma", "1e-3", Range<double>{0, 1}), 1e-3);
  EXPECT_EQ(parse_number("--gamma", "0", Range<double>{0, 1}), 0.0);
  EXPECT_EQ(parse_number("--seed", "18446744073709551615", Range<uint64_t>{0, UINT64_MAX}),
            UINT64_MAX);
}

TEST(Number, RefusesEverythingElse) {
  for (const char* text : {"", " 1", "12x", "0", "-3", "4097", "99999999999999999999", "1.5", "nan",
                           "0x10", "1e3", "one"}) {
    const std::string message = usage_error_of([&] {
      parse_number("--hidden", text, Range<int>{1, 4096});
    });
    expect_names(message, *text == '\0' ? "--hidden ''" : std::string("--hidden ") + text + ":");
    expect_names(message, "from 1 to 4096");
  }
}

TEST(Number, RefusesRealsThatAreNone) {
  for (const char* text : {"nan", "-nan", "inf", "-inf", "1e999", "1e-999", "0.5,", "1.1", "0"}) {
    const std::string message = usage_error_of([&] {
      parse_number("--tau", text, Range<double>{0, 1, true});
    });
    expect_names(message, "above 0 up to 1");
  }
}

TEST(FiniteNumber, ReadsEveryDigit) {
  EXPECT_EQ(parse_finite("x", "0.35904249548912048"), 0.35904249548912048);
  EXPECT_EQ(parse_finite("x", "-1e-3"), -1e-3);
  EXPECT_EQ(parse_finite("x", "+2"), 2);
  EXPECT_EQ(parse_finite("x", "1e-400"), 0);
}

TEST(FiniteNumber, RefusesTheRest) {
  for (const char* text : {"", "abc", "1.5x", "1 2", "nan", "inf", "-inf", "1e39", "1e999"}) {
    EXPECT_THROW(parse_finite("x", text), UsageError) << text;
  }
  EXPECT_THROW(parse_finite("x", std::string("1\0", 2)), UsageError);
}

TEST(FiniteNumber, SaysWhatWasWrong) {
  try {
    parse_finite("speed", "1..2");
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_STREQ(error.what(), "speed 1..2: expected a finite number");
  }
}

}  // namespace
}  // namespace sac
