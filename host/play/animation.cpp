#include "host/play/animation.h"

#include <algorithm>
#include <cmath>

#include "host/play/episode.h"
#include "host/play/gif.h"
#include "host/play/picture.h"
#include "host/play/webp.h"

namespace sac::play {
namespace {

constexpr double kPictureSeconds =
    0.05;  ///< seconds between pictures, at least; viewers slow down below 0.02
constexpr double kPixelsPerMetre = 125;
constexpr int kLastFrame = 100;  ///< centiseconds, before it repeats

int centiseconds(double seconds) {
  return static_cast<int>(std::lround(100 * seconds));
}

/// `Film` is Gif or WebP.
template <class Film>
std::string filmed(int environment, cpu::MeanPolicy& policy, uint64_t seed, double seconds) {
  Episode episode(environment, policy, seed);
  const int width = static_cast<int>(kPixelsPerMetre * episode.scene().width);
  Picture shown = picture(episode.scene(), width);
  Film film(shown.width, shown.height);
  // Whole steps between pictures; delays are differences of rounded times, so that none is lost.
  const int stride =
      std::max(1, static_cast<int>(std::lround(kPictureSeconds / episode.task().step_seconds)));
  int told = 0;
  while (!episode.ended() && episode.seconds() < seconds) {
    for (int i = 0; i < stride; ++i) episode.step();
    const int now = centiseconds(episode.seconds());
    film.add(shown, now - told);
    told = now;
    shown = picture(episode.scene(), width);
  }
  film.add(shown, kLastFrame);
  return film.finish();
}

}  // namespace

std::string animation(Format format, int environment, cpu::MeanPolicy& policy, uint64_t seed,
                      double seconds) {
  return format == Format::gif ? filmed<Gif>(environment, policy, seed, seconds)
                               : filmed<WebP>(environment, policy, seed, seconds);
}

}  // namespace sac::play
