#include "host/terminal/text.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

namespace sac::terminal {
namespace {

bool begins_character(char byte) {
  return (byte & 0xc0) != 0x80;
}

/// Our escape sequences end with a letter.
std::string without_escapes(std::string_view text) {
  std::string plain;
  bool escape = false;
  for (const char c : text) {
    if (c == '\033') escape = true;
    if (!escape) plain += c;
    if (escape && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))) escape = false;
  }
  return plain;
}

}  // namespace

Size size() {
  winsize size{};
  ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
  if (size.ws_col == 0 || size.ws_row == 0) return {80, 24};
  return {size.ws_col, size.ws_row};
}

std::string Paint::operator()(Colour colour, std::string_view text) const {
  if (!colours || text.empty()) return std::string(text);
  return fmt::format("\033[38;5;{}m{}\033[39m", static_cast<int>(colour), text);
}

bool colours_wanted() {
  const char* no = std::getenv("NO_COLOR");
  return no == nullptr || *no == '\0';
}

int width(std::string_view text) {
  int columns = 0;
  for (const char c : without_escapes(text)) columns += begins_character(c) ? 1 : 0;
  return columns;
}

std::string fitted(std::string_view text, int columns) {
  const int needed = width(text);
  if (needed <= columns) return std::string(text) + std::string(columns - needed, ' ');
  std::string cut;
  int used = 0;
  for (const char c : without_escapes(text)) {
    used += begins_character(c) ? 1 : 0;
    if (used > columns) break;
    cut += c;
  }
  return cut;
}

}  // namespace sac::terminal
