#include "host/play/braille.h"

#include <algorithm>
#include <array>

#include "host/terminal/dots.h"

namespace sac::play {
namespace {

/// Of the 256 colours that terminals share, as they look well on black and on white; no stroke is
/// of paper.
constexpr std::array<int, kInks> kTerminalColours{0, 245, 33, 208, 240, 35};

}  // namespace

std::vector<std::string> braille(const Scene& scene, int columns, int rows) {
  terminal::Dots dots(columns, rows);
  const double dot = std::max(scene.width / dots.width(), scene.height / dots.height());  // metres
  for (int y = 0; y < dots.height(); ++y) {
    for (int x = 0; x < dots.width(); ++x) {
      const Point p{(x + 0.5 - dots.width() / 2.0) * dot, (dots.height() / 2.0 - y - 0.5) * dot};
      for (const Stroke& stroke : scene.strokes) {
        if (distance(stroke, p) > std::max(stroke.radius, 0.5 * dot)) continue;
        dots.set(x, y, static_cast<int>(stroke.ink));
      }
    }
  }
  return dots.rows(kTerminalColours);
}

}  // namespace sac::play
