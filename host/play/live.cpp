#include "host/play/live.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "host/play/braille.h"
#include "host/play/episode.h"
#include "host/play/terminal.h"
#include "host/terminal/text.h"

namespace sac::play {
namespace {

constexpr double kFrame = 1.0 / 30;    ///< seconds between pictures
constexpr double kLongestJump = 0.25;  ///< what a slow terminal or a stop may skip at once
constexpr double kRest = 1.5;          ///< seconds between the end of an episode and the next
constexpr double kPush = 1;            ///< rad/s
constexpr int kTextRows = 2;
constexpr terminal::Size kSmallest{16, kTextRows + 4};

constexpr std::string_view kKeys = "space pause  r restart  n next start  ←/→ push  q quit";

enum class Key { none, pause, restart, next, push_left, push_right, quit };

/// Takes the first key off what a terminal has sent.
Key take_key(std::string_view& keys) {
  struct Meaning {
    std::string_view text;
    Key key;
  };
  static constexpr Meaning kMeanings[] = {{"\033[D", Key::push_left},
                                          {"\033OD", Key::push_left},
                                          {"h", Key::push_left},
                                          {"\033[C", Key::push_right},
                                          {"\033OC", Key::push_right},
                                          {"l", Key::push_right},
                                          {" ", Key::pause},
                                          {"r", Key::restart},
                                          {"n", Key::next},
                                          {"q", Key::quit}};
  for (const Meaning& meaning : kMeanings) {
    if (!keys.starts_with(meaning.text)) continue;
    keys.remove_prefix(meaning.text.size());
    return meaning.key;
  }
  keys.remove_prefix(1);
  return Key::none;
}

class Player {
 public:
  Player(int environment, cpu::MeanPolicy& policy, uint64_t seed)
      : environment_(environment), policy_(policy), seed_(seed) {
    start(seed);
  }

  bool left() const { return left_; }

  void press(Key key) {
    if (key == Key::quit) left_ = true;
    if (key == Key::pause) paused_ = !paused_;
    if (key == Key::restart) start(seed_);
    if (key == Key::next) start(seed_ + 1);
    if (key == Key::push_left) episode_->push(-kPush);
    if (key == Key::push_right) episode_->push(kPush);
  }

  /// So much time has passed.
  void advance(double seconds) {
    if (paused_) return;
    clock_ += std::min(seconds, kLongestJump);
    while (!episode_->ended() && episode_->seconds() <= clock_) {
      episode_->step();
      if (episode_->ended()) clock_ = episode_->seconds();
    }
    if (episode_->ended() && clock_ > episode_->seconds() + kRest) start(seed_ + 1);
  }

  std::string screen(terminal::Size size) const {
    if (size.columns < kSmallest.columns || size.rows < kSmallest.rows) {
      return fmt::format("at least {}x{}", kSmallest.columns, kSmallest.rows);
    }
    std::string text;
    for (const std::string& line :
         braille(episode_->scene(), size.columns, size.rows - kTextRows)) {
      text += line + '\n';
    }
    return text + status() + '\n' + std::string(kKeys);
  }

 private:
  void start(uint64_t seed) {
    seed_ = seed;
    episode_.emplace(environment_, policy_, seed);
    clock_ = 0;
  }

  std::string status() const {
    const char* state = paused_                  ? "  paused"
                        : episode_->terminated() ? "  it fell"
                        : episode_->ended()      ? "  time is up"
                                                 : "";
    return fmt::format("{:.1f} s  return {:.1f}{}  start {}  {}", episode_->seconds(),
                       episode_->total_reward(), state, seed_, episode_->task().id);
  }

  int environment_;
  cpu::MeanPolicy& policy_;
  uint64_t seed_;
  std::optional<Episode> episode_;
  double clock_ = 0;  ///< seconds since the episode's start, of time that was played
  bool paused_ = false, left_ = false;
};

}  // namespace

int play_live(int environment, cpu::MeanPolicy& policy, uint64_t seed) {
  using Clock = std::chrono::steady_clock;
  Player player(environment, policy, seed);
  player.screen({80, 24});  // throws before the terminal is touched
  Terminal terminal;
  Clock::time_point last = Clock::now();
  while (!player.left()) {
    terminal.show(player.screen(terminal::size()));
    const Terminal::Event event = terminal.wait(kFrame);
    if (event.signal != 0) return 128 + event.signal;
    std::string_view keys = event.keys;
    while (!keys.empty()) player.press(take_key(keys));
    const Clock::time_point now = Clock::now();
    player.advance(std::chrono::duration<double>(now - last).count());
    last = now;
  }
  return 0;
}

}  // namespace sac::play
