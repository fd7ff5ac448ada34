#include "host/base/parse_number.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <optional>
#include <type_traits>

#include "host/base/usage_error.h"

namespace sac {
namespace {

std::string_view shown(std::string_view text) {
  return text.empty() ? "''" : text;
}

template <class T>
bool contains(const Range<T>& range, T value) {
  return value <= range.high && (range.above_low ? value > range.low : value >= range.low);
}

template <class T>
[[noreturn]] void refuse(std::string_view name, std::string_view text, const Range<T>& range,
                         std::string_view kind) {
  throw UsageError(fmt::format("{} {}: expected {} {} {} {} {}", name, shown(text), kind,
                               range.above_low ? "above" : "from", range.low,
                               range.above_low ? "up to" : "to", range.high));
}

/// All of `text` as the type itself reads it.
template <class T>
std::optional<T> plain(std::string_view text) {
  T value{};
  const char* end = text.data() + text.size();
  const auto [parsed, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || parsed != end) return std::nullopt;
  return value;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Takes the digits that `text` begins with away from it; an underscore may stand between two.
std::string take_digits(std::string_view& text) {
  std::string digits;
  while (!text.empty()) {
    const bool joins = text[0] == '_' && !digits.empty() && text.size() > 1 && is_digit(text[1]);
    if (!is_digit(text[0]) && !joins) break;
    if (!joins) digits += text[0];
    text.remove_prefix(1);
  }
  return digits;
}

/// The power of ten that a count ends with: "" 0, "k" 3, "e6" 6.
std::optional<int> power_of_ten(std::string_view text) {
  if (text.empty()) return 0;
  if (text == "k" || text == "K") return 3;
  if (text == "M") return 6;
  if (text == "G") return 9;
  if (text[0] != 'e' && text[0] != 'E') return std::nullopt;
  text.remove_prefix(text.substr(1).starts_with('+') ? 2 : 1);
  const std::optional<unsigned char> power = plain<unsigned char>(text);
  return power ? std::optional<int>(*power) : std::nullopt;
}

/// A whole number below 2^64 as people write one.
std::optional<uint64_t> count(std::string_view text) {
  std::string digits = take_digits(text);
  if (digits.empty()) return std::nullopt;
  std::string fraction;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction = take_digits(text);
    if (fraction.empty()) return std::nullopt;
  }
  const std::optional<int> power = power_of_ten(text);
  if (!power) return std::nullopt;
  while (fraction.ends_with('0')) fraction.pop_back();
  if (static_cast<int>(fraction.size()) > *power) return std::nullopt;  // not whole
  digits += fraction + std::string(*power - fraction.size(), '0');
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  return plain<uint64_t>(digits);
}

/// Seconds in one of the unit that `text` ends with.
double seconds_per_unit(std::string_view text) {
  switch (text.empty() ? '\0' : text.back()) {
    case 'm':
      return 60;
    case 'h':
      return 3600;
    case 'd':
      return 86400;
    default:
      return 1;
  }
}

}  // namespace

template <class T>
T parse_number(std::string_view name, std::string_view text, Range<T> range) {
  const std::optional<T> value = plain<T>(text);
  if (value && contains(range, *value)) return *value;
  refuse(name, text, range, std::is_integral_v<T> ? "a whole number" : "a number");
}

template <class T>
T parse_count(std::string_view name, std::string_view text, Range<T> range) {
  const std::optional<uint64_t> value = count(text);
  constexpr uint64_t kLargest = std::numeric_limits<T>::max();
  if (value && *value <= kLargest && contains(range, static_cast<T>(*value))) return *value;
  refuse(name, text, range, "a whole number");
}

double parse_seconds(std::string_view name, std::string_view text, Range<double> range) {
  const bool unit =
      text.size() > 1 && std::string_view("smhd").find(text.back()) != std::string_view::npos;
  const std::optional<double> number = plain<double>(text.substr(0, text.size() - (unit ? 1 : 0)));
  if (number && contains(range, *number * seconds_per_unit(text))) {
    return *number * seconds_per_unit(text);
  }
  refuse(name, text, range, "a number of seconds, or one with s, m, h or d,");
}

double parse_finite(std::string_view name, const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  const bool whole = !text.empty() && end == text.c_str() + text.size();
  if (whole && std::abs(value) <= std::numeric_limits<float>::max()) return value;
  throw UsageError(fmt::format("{} {}: expected a finite number", name, shown(text)));
}

template int parse_number(std::string_view, std::string_view, Range<int>);
template int64_t parse_number(std::string_view, std::string_view, Range<int64_t>);
template uint64_t parse_number(std::string_view, std::string_view, Range<uint64_t>);
template double parse_number(std::string_view, std::string_view, Range<double>);
template int parse_count(std::string_view, std::string_view, Range<int>);
template int64_t parse_count(std::string_view, std::string_view, Range<int64_t>);
template uint64_t parse_count(std::string_view, std::string_view, Range<uint64_t>);

}  // namespace sac
