// What a viewer shows of a GIF's bytes.
#pragma once

#include <gif_lib.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "host/play/picture.h"

namespace sac::play {

struct Reader {
  const std::string& bytes;
  size_t at = 0;
};

inline int read_bytes(GifFileType* file, GifByteType* to, int count) {
  auto& reader = *static_cast<Reader*>(file->UserData);
  const size_t n = std::min<size_t>(count, reader.bytes.size() - reader.at);
  std::memcpy(to, reader.bytes.data() + reader.at, n);
  reader.at += n;
  return static_cast<int>(n);
}

/// What a viewer shows for each frame, and for how long.
struct Shown {
  std::vector<std::vector<uint8_t>> pictures;
  std::vector<int> centiseconds;
};

inline Shown shown(const std::string& bytes) {
  Reader reader{bytes};
  int error = 0;
  GifFileType* file = DGifOpen(&reader, read_bytes, &error);
  EXPECT_NE(file, nullptr);
  EXPECT_EQ(DGifSlurp(file), GIF_OK);
  Shown result;
  std::vector<uint8_t> screen(static_cast<size_t>(file->SWidth) * file->SHeight, 255);
  for (int f = 0; f < file->ImageCount; ++f) {
    GraphicsControlBlock control;
    DGifSavedExtensionToGCB(file, f, &control);
    const SavedImage& image = file->SavedImages[f];
    const GifImageDesc& part = image.ImageDesc;
    for (int y = 0; y < part.Height; ++y) {
      for (int x = 0; x < part.Width; ++x) {
        const uint8_t value = image.RasterBits[y * part.Width + x];
        if (value == control.TransparentColor) continue;
        screen[static_cast<size_t>(part.Top + y) * file->SWidth + part.Left + x] = value;
      }
    }
    result.pictures.push_back(screen);
    result.centiseconds.push_back(control.DelayTime);
  }
  for (int i = 0; i < kPictureColours; ++i) {
    const GifColorType& colour = file->SColorMap->Colors[i];
    EXPECT_EQ(colour.Red, picture_colours()[i].red);
    EXPECT_EQ(colour.Blue, picture_colours()[i].blue);
  }
  DGifCloseFile(file, &error);
  return result;
}

}  // namespace sac::play
