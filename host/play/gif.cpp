#include "host/play/gif.h"

#include <gif_lib.h>

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

namespace sac::play {
namespace {

constexpr int kColourBits = 6;
constexpr int kTransparent = (1 << kColourBits) - 1;
static_assert(kPictureColours < 1 << kColourBits, "one place is left for what stays as it was");

/// The part of a picture that has changed: at least one pixel, since a frame cannot be empty.
struct Rectangle {
  int left, top, width, height;
};

Rectangle changed_part(const Picture& before, const Picture& now) {
  int left = now.width, right = -1, top = now.height, bottom = -1;
  for (int y = 0; y < now.height; ++y) {
    for (int x = 0; x < now.width; ++x) {
      const size_t i = static_cast<size_t>(y) * now.width + x;
      if (before.pixels[i] == now.pixels[i]) continue;
      left = std::min(left, x), right = std::max(right, x);
      top = std::min(top, y), bottom = std::max(bottom, y);
    }
  }
  if (right < 0) return {0, 0, 1, 1};
  return {left, top, right - left + 1, bottom - top + 1};
}

int append(GifFileType* file, const GifByteType* bytes, int count) {
  static_cast<std::string*>(file->UserData)->append(reinterpret_cast<const char*>(bytes), count);
  return count;
}

}  // namespace

struct Gif::Encoder {
  std::string bytes;
  GifFileType* file = nullptr;
  Picture before;  ///< empty until the first one

  ~Encoder() {
    int ignored;
    if (file != nullptr) EGifCloseFile(file, &ignored);
  }

  void require(int result) const {
    if (result != GIF_ERROR) return;
    const char* reason = GifErrorString(file->Error);
    throw std::runtime_error(std::string("GIF: ") + (reason ? reason : "unknown error"));
  }

  void open(int width, int height) {
    int error = 0;
    file = EGifOpen(&bytes, append, &error);
    if (file == nullptr) throw std::runtime_error(std::string("GIF: ") + GifErrorString(error));
    EGifSetGifVersion(file, /*gif89=*/true);
    const auto free_map = [](ColorMapObject* map) { GifFreeMapObject(map); };
    const std::unique_ptr<ColorMapObject, decltype(free_map)> colours(
        GifMakeMapObject(1 << kColourBits, nullptr), free_map);
    for (int i = 0; i < kPictureColours; ++i) {
      const Rgb& rgb = picture_colours()[i];
      colours->Colors[i] = {rgb.red, rgb.green, rgb.blue};
    }
    require(EGifPutScreenDesc(file, width, height, kColourBits, 0, colours.get()));
    constexpr unsigned char kForEver[] = {1, 0, 0};
    require(EGifPutExtensionLeader(file, APPLICATION_EXT_FUNC_CODE));
    require(EGifPutExtensionBlock(file, 11, "NETSCAPE2.0"));
    require(EGifPutExtensionBlock(file, sizeof kForEver, kForEver));
    require(EGifPutExtensionTrailer(file));
  }

  void add(const Picture& now, int centiseconds) {
    const bool first = before.pixels.empty();
    const Rectangle part =
        first ? Rectangle{0, 0, now.width, now.height} : changed_part(before, now);
    const GraphicsControlBlock control{DISPOSE_DO_NOT, false, centiseconds,
                                       first ? NO_TRANSPARENT_COLOR : kTransparent};
    GifByteType extension[4];
    EGifGCBToExtension(&control, extension);
    require(EGifPutExtension(file, GRAPHICS_EXT_FUNC_CODE, sizeof extension, extension));
    require(EGifPutImageDesc(file, part.left, part.top, part.width, part.height, false, nullptr));
    std::vector<GifPixelType> line(part.width);
    for (int y = part.top; y < part.top + part.height; ++y) {
      for (int x = 0; x < part.width; ++x) {
        const size_t i = static_cast<size_t>(y) * now.width + part.left + x;
        const bool same = !first && before.pixels[i] == now.pixels[i];
        line[x] = same ? kTransparent : now.pixels[i];
      }
      require(EGifPutLine(file, line.data(), part.width));
    }
    before = now;
  }

  std::string finish() {
    int error = 0;
    if (EGifCloseFile(std::exchange(file, nullptr), &error) == GIF_ERROR) {
      throw std::runtime_error(std::string("GIF: ") + GifErrorString(error));
    }
    return std::move(bytes);
  }
};

Gif::Gif(int width, int height) : encoder_(std::make_unique<Encoder>()) {
  encoder_->open(width, height);
}

Gif::~Gif() = default;

void Gif::add(const Picture& picture, int centiseconds) {
  encoder_->add(picture, centiseconds);
}

std::string Gif::finish() {
  return encoder_->finish();
}

}  // namespace sac::play
