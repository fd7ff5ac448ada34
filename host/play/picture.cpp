#include "host/play/picture.h"

#include <algorithm>
#include <cmath>

namespace sac::play {
namespace {

using Colour = std::array<double, 3>;

constexpr std::array<Colour, kInks> kInkColours{{
    {250, 250, 248},  // paper
    {150, 150, 150},  // ground
    {40, 100, 170},   // cart
    {225, 110, 30},   // pole
    {60, 60, 60},     // joint
    {60, 150, 90},    // action
}};

Colour mixed(const Colour& a, const Colour& b, double share_of_b) {
  Colour colour;
  for (int i = 0; i < 3; ++i) colour[i] = a[i] + share_of_b * (b[i] - a[i]);
  return colour;
}

double squared_distance(const Colour& a, const Rgb& b) {
  const double red = a[0] - b.red, green = a[1] - b.green, blue = a[2] - b.blue;
  return red * red + green * green + blue * blue;
}

uint8_t nearest(const Colour& colour) {
  const auto& all = picture_colours();
  const auto best = std::ranges::min_element(
      all, {}, [&](const Rgb& candidate) { return squared_distance(colour, candidate); });
  return static_cast<uint8_t>(best - all.begin());
}

std::array<Rgb, kPictureColours> mixtures() {
  std::array<Rgb, kPictureColours> all{};
  size_t next = 0;
  const auto add = [&](const Colour& c) {
    const auto byte = [](double value) { return static_cast<uint8_t>(std::lround(value)); };
    all[next++] = {byte(c[0]), byte(c[1]), byte(c[2])};
  };
  for (const Colour& colour : kInkColours) add(colour);
  for (size_t a = 0; a < kInks; ++a) {
    for (size_t b = a + 1; b < kInks; ++b) {
      for (const double share : {0.25, 0.5, 0.75})
        add(mixed(kInkColours[a], kInkColours[b], share));
    }
  }
  return all;
}

}  // namespace

const std::array<Rgb, kPictureColours>& picture_colours() {
  static const std::array<Rgb, kPictureColours> kAll = mixtures();
  return kAll;
}

Picture picture(const Scene& scene, int width) {
  const double pixel = scene.width / width;  // metres
  const int height = static_cast<int>(std::lround(scene.height / pixel));
  const auto column = [&](double x) { return std::lround(x / pixel + width / 2.0); };
  const auto row = [&](double y) { return std::lround(height / 2.0 - y / pixel); };
  std::vector<Colour> colours(static_cast<size_t>(width) * height, kInkColours[0]);
  for (const Stroke& s : scene.strokes) {
    const double reach = s.radius + pixel;  // nothing of the stroke is further away
    const long left = std::max(0L, column(std::min(s.from.x, s.to.x) - reach));
    const long right = std::min<long>(width, column(std::max(s.from.x, s.to.x) + reach));
    const long top = std::max(0L, row(std::max(s.from.y, s.to.y) + reach));
    const long bottom = std::min<long>(height, row(std::min(s.from.y, s.to.y) - reach));
    for (long y = top; y < bottom; ++y) {
      for (long x = left; x < right; ++x) {
        const Point p{(x + 0.5 - width / 2.0) * pixel, (height / 2.0 - y - 0.5) * pixel};
        // How much of the pixel is within the stroke, as if its edge were straight.
        const double inside = std::clamp((s.radius - distance(s, p)) / pixel + 0.5, 0.0, 1.0);
        Colour& colour = colours[y * width + x];
        colour = mixed(colour, kInkColours[static_cast<size_t>(s.ink)], inside);
      }
    }
  }
  Picture result{width, height, std::vector<uint8_t>(colours.size(), 0)};
  for (size_t i = 0; i < colours.size(); ++i) {
    if (colours[i] != kInkColours[0]) result.pixels[i] = nearest(colours[i]);
  }
  return result;
}

}  // namespace sac::play
