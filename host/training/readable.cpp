#include "host/training/readable.h"

#include <fmt/format.h>

#include <cstdint>

namespace sac::training {

std::string compact(double x) {
  const char* unit = "";
  for (const char* next : {"k", "M", "G"}) {
    if (x < 1000) break;
    x /= 1000;
    unit = next;
  }
  const int decimals = *unit == '\0' || x >= 100 ? 0 : (x >= 10 ? 1 : 2);
  return fmt::format("{:.{}f}{}", x, decimals, unit);
}

std::string duration(double seconds) {
  if (seconds < 60) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<int64_t>(seconds);
  if (whole < 3600) return fmt::format("{}:{:02} min", whole / 60, whole % 60);
  return fmt::format("{}:{:02} h", whole / 3600, whole / 60 % 60);
}

}  // namespace sac::training
