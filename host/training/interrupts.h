// The signals by which terminals and schedulers ask a program to end, as a question that the
// training loop asks.
#pragma once

#include <atomic>
#include <csignal>
#include <thread>

namespace sac::training {

/// While it lives, the first SIGINT, SIGTERM, SIGHUP, SIGUSR1 or SIGXCPU is only remembered; the
/// next one ends the process as if nobody had listened. The same signal within a tenth of a second
/// is the same event: `timeout` and `make` have every process of a group signalled twice. A signal
/// that was ignored before stays ignored, as nohup wants it. A closed pipe and a file that may not
/// grow are errors of the write alone, no signals. One at a time.
///
/// The signals go to a thread of its own: those that oneDNN's compiled code runs on have been seen
/// to crash after one. So it must be there before the threads that compute, which inherit that they
/// are blocked.
class Interrupts {
 public:
  /// What the handler says on standard output of what is being done.
  enum class Announcement {
    none,
    line,
    over_live,  ///< a line that takes the place of what is live on the terminal, at the cursor and
                ///< below it. That also goes before the process ends or is stopped by Ctrl-Z
  };

  explicit Interrupts(Announcement announcement = Announcement::none);
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  /// The signal that came, 0 if none did.
  int signal() const;

 private:
  sigset_t mask_before_;
  std::atomic<bool> ended_ = false;
  std::thread listener_;
};

}  // namespace sac::training
