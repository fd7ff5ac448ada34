#include "host/terminal/dots.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace sac::terminal {
namespace {

/// The bit of each dot of a character, by row and column: U+2800 and they are the character.
constexpr int kBits[kDotRows][kDotColumns] = {
    {0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

std::string utf8(int dots) {
  const int code = 0x2800 + dots;
  return {static_cast<char>(0xe0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 0x3f)),
          static_cast<char>(0x80 | (code & 0x3f))};
}

}  // namespace

Dots::Dots(int columns, int rows)
    : columns_(columns), rows_(rows), cells_(static_cast<size_t>(columns) * rows) {}

void Dots::set(int x, int y, int layer) {
  if (x < 0 || x >= width() || y < 0 || y >= height()) return;
  Cell& cell = cells_[static_cast<size_t>(y / kDotRows) * columns_ + x / kDotColumns];
  cell.dots |= kBits[y % kDotRows][x % kDotColumns];
  cell.layer = std::max(cell.layer, layer);
}

void Dots::line(int x0, int y0, int x1, int y1, int layer) {
  const int steps = std::max({std::abs(x1 - x0), std::abs(y1 - y0), 1});
  for (int i = 0; i <= steps; ++i) {
    const double t = static_cast<double>(i) / steps;
    set(static_cast<int>(std::lround(x0 + t * (x1 - x0))),
        static_cast<int>(std::lround(y0 + t * (y1 - y0))), layer);
  }
}

std::vector<std::string> Dots::rows(std::span<const int> colours) const {
  std::vector<std::string> rows;
  for (int y = 0; y < rows_; ++y) {
    rows.push_back(
        row(std::span(cells_).subspan(static_cast<size_t>(y) * columns_, columns_), colours));
  }
  return rows;
}

std::string Dots::row(std::span<const Cell> cells, std::span<const int> colours) const {
  std::string text;
  int colour = -1;  // the terminal's own
  for (const Cell& cell : cells) {
    if (cell.dots != 0 && !colours.empty() && colours[cell.layer] != colour) {
      colour = colours[cell.layer];
      text += fmt::format("\033[38;5;{}m", colour);
    }
    text += cell.dots == 0 ? " " : utf8(cell.dots);
  }
  return colour < 0 ? text : text + "\033[39m";
}

}  // namespace sac::terminal
