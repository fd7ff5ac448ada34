#include "host/play/braille.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sac::play {
namespace {

constexpr int kDotColumns = 2, kDotRows = 4;

/// The bit of each dot of a character, by row and column: U+2800 and they are the character.
constexpr int kBits[kDotRows][kDotColumns] = {
    {0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

/// Of the 256 colours that terminals share, as they look well on black and on white; paper is the
/// terminal's own.
constexpr std::array<int, kInks> kTerminalColours{0, 245, 33, 208, 240, 35};

/// One character: its dots, and the ink that lies on top.
struct Cell {
  int dots = 0;
  Ink ink = Ink::paper;
};

std::string utf8(int dots) {
  const int code = 0x2800 + dots;
  return {static_cast<char>(0xe0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 0x3f)),
          static_cast<char>(0x80 | (code & 0x3f))};
}

std::string line_of(const std::vector<Cell>& cells) {
  std::string line;
  Ink ink = Ink::paper;
  for (const Cell& cell : cells) {
    if (cell.dots != 0 && cell.ink != ink) {
      ink = cell.ink;
      line += fmt::format("\033[38;5;{}m", kTerminalColours[static_cast<size_t>(ink)]);
    }
    line += cell.dots == 0 ? " " : utf8(cell.dots);
  }
  return ink == Ink::paper ? line : line + "\033[39m";
}

}  // namespace

std::vector<std::string> braille(const Scene& scene, int columns, int rows) {
  const int width = columns * kDotColumns, height = rows * kDotRows;
  const double dot = std::max(scene.width / width, scene.height / height);  // metres
  std::vector<std::string> lines;
  for (int row = 0; row < rows; ++row) {
    std::vector<Cell> cells(columns);
    for (int y = 0; y < kDotRows; ++y) {
      for (int x = 0; x < width; ++x) {
        const Point p{(x + 0.5 - width / 2.0) * dot,
                      (height / 2.0 - row * kDotRows - y - 0.5) * dot};
        Cell& cell = cells[x / kDotColumns];
        for (const Stroke& stroke : scene.strokes) {
          if (distance(stroke, p) > std::max(stroke.radius, 0.5 * dot)) continue;
          cell.dots |= kBits[y][x % kDotColumns];
          cell.ink = std::max(cell.ink, stroke.ink);
        }
      }
    }
    lines.push_back(line_of(cells));
  }
  return lines;
}

}  // namespace sac::play
