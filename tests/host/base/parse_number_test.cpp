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

TEST(Count, IsReadAsPeopleWriteIt) {
  const Range<int64_t> range{0, 1'000'000'000'000'000};
  for (const char* text : {"1000000", "1_000_000", "1e6", "1E+6", "1M", "1000k", "1000K", "1.0e6",
                           "0.001G", "1_000e3", "0001000000", "1.000000M"}) {
    EXPECT_EQ(parse_count("--steps", text, range), 1'000'000) << text;
  }
  EXPECT_EQ(parse_count("--steps", "2.5k", range), 2500);
  EXPECT_EQ(parse_count("--steps", "1e15", range), 1'000'000'000'000'000);
  EXPECT_EQ(parse_count("--warmup", "0", range), 0);
  EXPECT_EQ(parse_count("--warmup", "0e200", range), 0);
  EXPECT_EQ(parse_count("--seed", "18446744073709551615", Range<uint64_t>{0, UINT64_MAX}),
            UINT64_MAX);
}

TEST(Count, IsExactOrRefused) {
  for (const char* text : {"",    "_1",   "1_",   "1__0", "1.5", "1.5e0", "1.2345k", "1.",   ".5k",
                           "1e",  "1e-3", "-1",   "+1",   "1m",  "1kk",   "1e6M",    "1e6_", "1 M",
                           "nan", "inf",  "0x10", "4097", "5k",  "1e999", "1e18"}) {
    const std::string message = usage_error_of([&] {
      parse_count("--hidden", text, Range<int>{1, 4096});
    });
    expect_names(message, "expected a whole number from 1 to 4096");
  }
  for (const char* text : {"18446744073709551616", "1e20", "18446744073709551.616k"}) {
    usage_error_of([&] { parse_count("--seed", text, Range<uint64_t>{0, UINT64_MAX}); });
  }
}

TEST(Seconds, HaveUnits) {
  const Range<double> range{0, 1e9, true};
  EXPECT_EQ(parse_seconds("--time-limit", "90", range), 90);
  EXPECT_EQ(parse_seconds("--time-limit", "0.5", range), 0.5);
  EXPECT_EQ(parse_seconds("--time-limit", "90s", range), 90);
  EXPECT_EQ(parse_seconds("--time-limit", "10m", range), 600);
  EXPECT_EQ(parse_seconds("--time-limit", "1.5h", range), 5400);
  EXPECT_EQ(parse_seconds("--time-limit", "2d", range), 172800);
  for (const char* text :
       {"", "s", "0", "0s", "-1m", "1x", "1 m", "1mm", "h1", "nan", "infs", "1e9d", "12x"}) {
    const std::string message = usage_error_of([&] { parse_seconds("--time-limit", text, range); });
    expect_names(message, "expected a number of seconds, or one with s, m, h or d, above 0 up to");
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
