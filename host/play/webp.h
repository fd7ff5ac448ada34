// An animated WebP, picture by picture.
#pragma once

#include <memory>
#include <string>

#include "host/play/picture.h"

namespace sac::play {

/// Repeats for ever, loses nothing, and is smaller than a GIF.
class WebP {
 public:
  /// For pictures of this size. Throws std::runtime_error, as every call, if libwebp fails.
  WebP(int width, int height);
  ~WebP();

  /// Shows the picture for `centiseconds`.
  void add(const Picture& picture, int centiseconds);

  /// The bytes of the file; nothing can be added afterwards.
  std::string finish();

 private:
  struct Encoder;
  std::unique_ptr<Encoder> encoder_;
};

}  // namespace sac::play
