#include "host/base/parse_number.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
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

}  // namespace

template <class T>
T parse_number(std::string_view name, std::string_view text, Range<T> range) {
  T value{};
  const char* end = text.data() + text.size();
  const auto [parsed, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc{} && parsed == end && contains(range, value)) return value;
  throw UsageError(fmt::format("{} {}: expected a {} {} {} {} {}", name, shown(text),
                               std::is_integral_v<T> ? "whole number" : "number",
                               range.above_low ? "above" : "from", range.low,
                               range.above_low ? "up to" : "to", range.high));
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

}  // namespace sac
