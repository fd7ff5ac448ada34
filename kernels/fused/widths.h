// The hidden widths that there are fused kernels for. CMakeLists.txt has the same list: it compiles
// one set of kernels for each, and a width that is in one list alone does not link.
#pragma once

#include <algorithm>
#include <array>
#include <string>

namespace sac::fused {

inline constexpr std::array kWidths = {32, 64, 128, 256};

constexpr bool is_fused(int hidden) {
  return std::find(kWidths.begin(), kWidths.end(), hidden) != kWidths.end();
}

/// "32, 64, 128 or 256", for messages.
inline std::string widths_in_words() {
  std::string words;
  for (const int width : kWidths) {
    const char* before = words.empty() ? "" : width == kWidths.back() ? " or " : ", ";
    words += before + std::to_string(width);
  }
  return words;
}

}  // namespace sac::fused
