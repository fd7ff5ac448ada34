#include "host/play/gif.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/host/play/gif_reader.h"

namespace sac::play {
namespace {

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
