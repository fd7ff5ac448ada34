#include "host/play/terminal.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cmath>
#include <stdexcept>
#include <string_view>

#include "host/base/usage_error.h"

namespace sac::play {
namespace {

constexpr std::array kEnds{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGXCPU};

// The other screen, which leaves the first as it is; no cursor; lines that are cut at the edge.
constexpr std::string_view kEnter = "\033[?1049h\033[?25l\033[?7l\033[2J";
constexpr std::string_view kLeave = "\033[0m\033[?7h\033[?25h\033[?1049l";

/// A terminal that is gone is told by its signal.
void print(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(STDOUT_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return;
    text.remove_prefix(written);
  }
}

sigset_t listened() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : kEnds) sigaddset(&set, signal);
  sigaddset(&set, SIGTSTP);
  return set;
}

}  // namespace

Terminal::Terminal() {
  if (isatty(STDIN_FILENO) == 0 || isatty(STDOUT_FILENO) == 0 ||
      tcgetattr(STDIN_FILENO, &before_) != 0) {
    throw UsageError(
        "play: standard input and output are no terminal; --gif FILE or --webp FILE writes an "
        "animation instead");
  }
  const sigset_t set = listened();
  signals_ = signalfd(-1, &set, SFD_CLOEXEC);
  if (signals_ < 0) throw std::runtime_error("play: no file for signals");
  pthread_sigmask(SIG_BLOCK, &set, &mask_before_);
  enter();
}

Terminal::~Terminal() {
  leave();
  close(signals_);
  pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
}

void Terminal::enter() {
  termios wanted = before_;
  wanted.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  wanted.c_cc[VMIN] = 1;
  wanted.c_cc[VTIME] = 0;
  tcsetattr(STDIN_FILENO, TCSADRAIN, &wanted);
  print(kEnter);
}

void Terminal::leave() {
  print(kLeave);
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);  // keys that nobody has read are not for the shell
}

void Terminal::stop() {
  leave();
  raise(SIGSTOP);  // returns when somebody continues the process
  enter();
}

Terminal::Event Terminal::wait(double seconds) {
  std::array<pollfd, 2> files{{{STDIN_FILENO, POLLIN, 0}, {signals_, POLLIN, 0}}};
  if (poll(files.data(), files.size(), static_cast<int>(std::ceil(1e3 * seconds))) <= 0) return {};
  Event event;
  if ((files[1].revents & POLLIN) != 0) {
    signalfd_siginfo info{};
    if (read(signals_, &info, sizeof info) != sizeof info) return {};
    event.signal = static_cast<int>(info.ssi_signo);
    if (event.signal != SIGTSTP) return event;
    stop();
    return {};
  }
  if (files[0].revents != 0) {
    std::array<char, 64> keys;
    const ssize_t count = read(STDIN_FILENO, keys.data(), keys.size());
    if (count <= 0) return {{}, SIGHUP};
    event.keys.assign(keys.data(), count);
  }
  return event;
}

void Terminal::show(const std::string& lines) {
  // Each line clears what it does not cover, and a terminal that knows how shows all at once.
  std::string text = "\033[?2026h\033[H";
  for (const char c : lines) text += c == '\n' ? "\033[K\r\n" : std::string(1, c);
  print(text + "\033[K\033[J\033[?2026l");
}

}  // namespace sac::play
