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

/// All of `text` as a number that is finite, also as a float. Throws a UsageError "<name> <text>:
/// expected a finite number" for anything else.
double parse_finite(std::string_view name, const std::string& text);

}  // namespace sac
