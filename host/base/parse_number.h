// Numbers that a user writes, on the command line or in a file's metadata.
#pragma once

#include <string>
#include <string_view>

namespace sac {

/// The allowed values: low to high, both included unless `above_low` leaves out low itself.
template <class T>
struct Range {
  T low, high;
  bool above_low = false;
};

/// All of `text` as a number inside `range`; T is int, int64_t, uint64_t or double. Throws a
/// UsageError "<name> <text>: expected ..." for anything else: letters behind the number, NaN,
/// infinity, overflow.
template <class T>
T parse_number(std::string_view name, std::string_view text, Range<T> range);

/// A whole number inside `range`, not negative, as people write one: 1000000, 1_000_000, 1e6, 1.5e3
/// or with a unit, 10k, 2.5M, 1G. Exact. T is int, int64_t or uint64_t. Throws as parse_number
/// does.
template <class T>
T parse_count(std::string_view name, std::string_view text, Range<T> range);

/// Seconds inside `range`: 90, 90s, 10m, 1.5h or 2d. Throws as parse_number does.
double parse_seconds(std::string_view name, std::string_view text, Range<double> range);

/// All of `text` as a number that is finite, also as a float. Throws a UsageError "<name> <text>:
/// expected a finite number" for anything else.
double parse_finite(std::string_view name, const std::string& text);

}  // namespace sac
