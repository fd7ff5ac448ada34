#include "host/base/usage_error.h"

namespace sac {
namespace {

constexpr size_t kLongest = 2000;

bool is_control(unsigned char c) {
  return c < 0x20 || c == 0x7f;
}

std::string escaped(unsigned char c) {
  constexpr const char* kDigits = "0123456789abcdef";
  if (c == '\n') return "\\n";
  if (c == '\t') return "\\t";
  return {'\\', 'x', kDigits[c / 16], kDigits[c % 16]};
}

// The bytes of one character of UTF-8 stay together.
size_t character_begin(std::string_view text, size_t at) {
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) --at;
  return at;
}

}  // namespace

std::string one_line(std::string_view text) {
  const bool cut = text.size() > kLongest;
  if (cut) text = text.substr(0, character_begin(text, kLongest));
  std::string line;
  line.reserve(text.size());
  for (const char c : text) {
    if (is_control(c)) {
      line += escaped(c);
    } else {
      line += c;
    }
  }
  return cut ? line + "..." : line;
}

}  // namespace sac
