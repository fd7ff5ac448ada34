#include "host/base/parse_number.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <type_traits>

#include "host/base/usage_error.h"

namespace sac {
namespace {

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
  throw UsageError(fmt::format("{} {}: expected a {} {} {} {} {}", name, text.empty() ? "''" : text,
                               std::is_integral_v<T> ? "whole number" : "number",
                               range.above_low ? "above" : "from", range.low,
                               range.above_low ? "up to" : "to", range.high));
}

template int parse_number(std::string_view, std::string_view, Range<int>);
template int64_t parse_number(std::string_view, std::string_view, Range<int64_t>);
template uint64_t parse_number(std::string_view, std::string_view, Range<uint64_t>);
template double parse_number(std::string_view, std::string_view, Range<double>);

}  // namespace sac
