// A signal as a terminal or a scheduler sends it: to the process, whichever thread takes it.
#pragma once

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>

namespace sac {

/// Returns once the signal was taken.
inline void send_signal(int signal) {
  const auto pause = [] { std::this_thread::sleep_for(std::chrono::milliseconds(10)); };
  kill(getpid(), signal);
  sigset_t pending;
  do {
    pause();
    sigpending(&pending);
  } while (sigismember(&pending, signal) == 1);
  pause();  // the handler's few instructions
}

}  // namespace sac
