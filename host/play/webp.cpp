#include "host/play/webp.h"

#include <webp/encode.h>
#include <webp/mux.h>

#include <stdexcept>
#include <vector>

namespace sac::play {
namespace {

constexpr int kEffort = 6;  ///< of 9; above it files are hardly smaller

void require(bool done, const char* reason) {
  if (!done) throw std::runtime_error(std::string("WebP: ") + reason);
}

/// The picture as libwebp takes it.
class Image {
 public:
  explicit Image(const Picture& picture) {
    require(WebPPictureInit(&image_), "another version of libwebp");
    image_.use_argb = true;
    image_.width = picture.width;
    image_.height = picture.height;
    std::vector<uint8_t> rgb;
    rgb.reserve(3 * picture.pixels.size());
    for (const uint8_t pixel : picture.pixels) {
      const Rgb& colour = picture_colours()[pixel];
      rgb.insert(rgb.end(), {colour.red, colour.green, colour.blue});
    }
    require(WebPPictureImportRGB(&image_, rgb.data(), 3 * picture.width), "no memory");
  }
  ~Image() { WebPPictureFree(&image_); }
  Image(const Image&) = delete;
  Image& operator=(const Image&) = delete;

  WebPPicture* get() { return &image_; }

 private:
  WebPPicture image_;
};

}  // namespace

struct WebP::Encoder {
  WebPAnimEncoder* animation = nullptr;
  WebPConfig config;
  int milliseconds = 0;  ///< of all pictures so far

  Encoder(int width, int height) {
    WebPAnimEncoderOptions options;
    require(WebPAnimEncoderOptionsInit(&options) && WebPConfigInit(&config) &&
                WebPConfigLosslessPreset(&config, kEffort),
            "another version of libwebp");
    options.anim_params.loop_count = 0;  // for ever
    options.minimize_size = true;
    animation = WebPAnimEncoderNew(width, height, &options);
    require(animation != nullptr, "no memory");
  }
  ~Encoder() { WebPAnimEncoderDelete(animation); }

  /// A null picture says when the last one ends.
  void add(WebPPicture* picture) {
    require(WebPAnimEncoderAdd(animation, picture, milliseconds, &config),
            WebPAnimEncoderGetError(animation));
  }
};

WebP::WebP(int width, int height) : encoder_(std::make_unique<Encoder>(width, height)) {}

WebP::~WebP() = default;

void WebP::add(const Picture& picture, int centiseconds) {
  encoder_->add(Image(picture).get());
  encoder_->milliseconds += 10 * centiseconds;
}

std::string WebP::finish() {
  encoder_->add(nullptr);
  WebPData data;
  WebPDataInit(&data);
  require(WebPAnimEncoderAssemble(encoder_->animation, &data),
          WebPAnimEncoderGetError(encoder_->animation));
  std::string bytes(reinterpret_cast<const char*>(data.bytes), data.size);
  WebPDataClear(&data);
  return bytes;
}

}  // namespace sac::play
