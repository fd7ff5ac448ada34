// The terminal while something is drawn on it live.
#pragma once

#include <termios.h>

#include <csignal>
#include <string>

namespace sac::play {

/// While it lives, standard output's terminal shows a screen of its own, without a cursor, and keys
/// arrive one by one and unseen. Before it goes, and while the process is stopped by Ctrl-Z, all is
/// as it was: the signals by which terminals and schedulers end a program come as events, so that
/// its owner can leave in order. One at a time.
class Terminal {
 public:
  /// Throws UsageError if standard input or output is no terminal.
  Terminal();
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  struct Event {
    std::string keys;  ///< as the terminal sends them; empty: none came
    int signal = 0;    ///< that asks the program to end; SIGHUP too if the terminal is gone
  };
  /// Waits for at most so long. A stop and what continues it happen inside.
  Event wait(double seconds);

  /// Replaces what the screen shows. Lines are cut by the terminal, not wrapped.
  void show(const std::string& lines);

 private:
  void enter();
  void leave();
  void stop();

  termios before_{};
  sigset_t mask_before_{};
  int signals_ = -1;  ///< a signalfd
};

}  // namespace sac::play
