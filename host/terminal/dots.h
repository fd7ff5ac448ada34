// Pictures of braille characters: eight dots to each.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace sac::terminal {

inline constexpr int kDotColumns = 2, kDotRows = 4;  ///< of a character

class Dots {
 public:
  /// So many characters, all empty.
  Dots(int columns, int rows);

  int width() const { return columns_ * kDotColumns; }
  int height() const { return rows_ * kDotRows; }

  /// Sets the dot in column `x` and row `y`, from the upper left; outside it is left out. A
  /// character has the colour of the highest layer among its dots.
  void set(int x, int y, int layer);

  /// A line of dots between two of them.
  void line(int x0, int y0, int x1, int y1, int layer);

  /// The rows, UTF-8, with the escape sequences of their colours; each ends with the terminal's own
  /// colour. `colours` are those of the layers, of the 256 that terminals share; none if empty.
  std::vector<std::string> rows(std::span<const int> colours) const;

 private:
  struct Cell {
    int dots = 0, layer = 0;
  };
  std::string row(std::span<const Cell> cells, std::span<const int> colours) const;

  int columns_, rows_;
  std::vector<Cell> cells_;  ///< [rows, columns]
};

}  // namespace sac::terminal
