#include "host/play/gif.h"

#include <gif_lib.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

namespace sac::play {
namespace {

struct Reader {
  const std::string& bytes;
  size_t at = 0;
};

int read_bytes(GifFileType* file, GifByteType* to, int count) {
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

Shown shown(const std::string& bytes) {
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

Scene disc_at(double x) {
  return {2, 1, {{{x, 0}, {x, 0}, 0.2, Ink::pole}, {{x, 0}, {x, 0}, 0.1, Ink::joint}}};
}

TEST(Gif, ShowsThePicturesThatWereAdded) {
  std::vector<Picture> pictures;
  for (const double x : {-0.5, 0.0, 0.0, 0.5}) pictures.push_back(picture(disc_at(x), 80));
  Gif gif(80, 40);
  for (size_t i = 0; i < pictures.size(); ++i) gif.add(pictures[i], 4 + static_cast<int>(i));
  const Shown result = shown(gif.finish());
  ASSERT_EQ(result.pictures.size(), pictures.size());
  for (size_t i = 0; i < pictures.size(); ++i) EXPECT_EQ(result.pictures[i], pictures[i].pixels);
  EXPECT_EQ(result.centiseconds, (std::vector{4, 5, 6, 7}));
}

TEST(Gif, StoresOnlyWhatChanges) {
  const Picture still = picture(disc_at(0), 400);
  const auto size = [&](int frames) {
    Gif gif(still.width, still.height);
    for (int i = 0; i < frames; ++i) gif.add(still, 5);
    return gif.finish().size();
  };
  EXPECT_LT(size(101) - size(1), 100 * 32u);
}

TEST(Picture, EdgesAreSmoothAndMiddlesArePure) {
  const Picture p = picture({2, 2, {{{0, 0}, {0, 0}, 0.5, Ink::pole}}}, 41);
  EXPECT_EQ(p.height, 41);
  EXPECT_EQ(p.pixels[20 * 41 + 20], static_cast<int>(Ink::pole));
  EXPECT_EQ(p.pixels[0], static_cast<int>(Ink::paper));
  EXPECT_TRUE(std::ranges::any_of(p.pixels, [](uint8_t colour) { return colour >= kInks; }));
}

}  // namespace
}  // namespace sac::play
