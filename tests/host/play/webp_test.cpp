#include "host/play/webp.h"

#include <gtest/gtest.h>
#include <webp/demux.h>

#include "host/base/environments.h"
#include "host/cpu/mean_policy.h"
#include "host/play/animation.h"
#include "tests/host/play/gif_reader.h"

namespace sac::play {
namespace {

/// What a viewer shows for each frame, RGBA, and for how long.
struct Seen {
  int width = 0, height = 0;
  uint32_t loops = 1;
  std::vector<std::vector<uint8_t>> pictures;
  std::vector<int> centiseconds;
};

Seen seen(const std::string& bytes) {
  const WebPData data{reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()};
  WebPAnimDecoder* decoder = WebPAnimDecoderNew(&data, nullptr);
  Seen result;
  EXPECT_NE(decoder, nullptr);
  if (decoder == nullptr) return result;
  WebPAnimInfo info;
  WebPAnimDecoderGetInfo(decoder, &info);
  result.width = static_cast<int>(info.canvas_width);
  result.height = static_cast<int>(info.canvas_height);
  result.loops = info.loop_count;
  int before = 0;
  while (WebPAnimDecoderHasMoreFrames(decoder)) {
    uint8_t* picture = nullptr;
    int end = 0;
    EXPECT_TRUE(WebPAnimDecoderGetNext(decoder, &picture, &end));
    result.pictures.emplace_back(picture, picture + 4 * info.canvas_width * info.canvas_height);
    result.centiseconds.push_back((end - before) / 10);
    before = end;
  }
  WebPAnimDecoderDelete(decoder);
  return result;
}

std::vector<uint8_t> rgba(const std::vector<uint8_t>& pixels) {
  std::vector<uint8_t> all;
  for (const uint8_t pixel : pixels) {
    const Rgb& colour = picture_colours()[pixel];
    all.insert(all.end(), {colour.red, colour.green, colour.blue, 255});
  }
  return all;
}

TEST(WebP, ShowsThePicturesThatWereAdded) {
  std::vector<Picture> pictures;
  for (const double x : {-0.5, 0.0, 0.5}) {
    pictures.push_back(picture({2, 1, {{{x, 0}, {x, 0}, 0.2, Ink::pole}}}, 80));
  }
  WebP film(80, 40);
  for (size_t i = 0; i < pictures.size(); ++i) film.add(pictures[i], 4 + static_cast<int>(i));
  const Seen result = seen(film.finish());
  EXPECT_EQ(result.width, 80);
  EXPECT_EQ(result.height, 40);
  EXPECT_EQ(result.loops, 0u) << "for ever";
  ASSERT_EQ(result.pictures.size(), pictures.size());
  for (size_t i = 0; i < pictures.size(); ++i) {
    EXPECT_EQ(result.pictures[i], rgba(pictures[i].pixels)) << i;
  }
  EXPECT_EQ(result.centiseconds, (std::vector{4, 5, 6}));
}

TEST(WebP, IsTheGifInASmallerFile) {
  const int environment = environment_index("InvertedPendulumBulletEnv-v0");
  const env::EnvironmentInfo& info = environment_info(environment);
  const Shape shape{info.obs, info.act, 16};
  cpu::MeanPolicy policy(shape, info.max_action, std::vector<double>(agent_stride(shape)), 1);
  const std::string gif = animation(Format::gif, environment, policy, 3, 1);
  const std::string webp = animation(Format::webp, environment, policy, 3, 1);
  EXPECT_LT(webp.size(), gif.size());
  const Shown expected = shown(gif);
  const Seen result = seen(webp);
  ASSERT_EQ(result.pictures.size(), expected.pictures.size());
  for (size_t i = 0; i < result.pictures.size(); ++i) {
    EXPECT_EQ(result.pictures[i], rgba(expected.pictures[i])) << i;
  }
  EXPECT_EQ(result.centiseconds, expected.centiseconds);
}

}  // namespace
}  // namespace sac::play
