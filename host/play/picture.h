// A scene in pixels.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "host/play/scene.h"

namespace sac::play {

struct Rgb {
  uint8_t red, green, blue;
};

/// The colours of pictures: each ink, and each pair of inks mixed in three ways for smooth edges.
inline constexpr int kPictureColours = kInks + 3 * kInks * (kInks - 1) / 2;
const std::array<Rgb, kPictureColours>& picture_colours();

struct Picture {
  int width = 0, height = 0;
  std::vector<uint8_t> pixels;  ///< [height, width], places in picture_colours()
};

/// The scene `width` pixels wide, with smooth edges.
Picture picture(const Scene& scene, int width);

}  // namespace sac::play
