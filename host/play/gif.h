// An animated GIF, picture by picture.
#pragma once

#include <memory>
#include <string>

#include "host/play/picture.h"

namespace sac::play {

/// Repeats for ever. Of each picture only what differs from the one before is stored.
class Gif {
 public:
  /// For pictures of this size. Throws std::runtime_error, as every call, if GIFLIB fails.
  Gif(int width, int height);
  ~Gif();

  /// Shows the picture for `centiseconds`.
  void add(const Picture& picture, int centiseconds);

  /// The bytes of the file; nothing can be added afterwards.
  std::string finish();

 private:
  struct Encoder;
  std::unique_ptr<Encoder> encoder_;
};

}  // namespace sac::play
