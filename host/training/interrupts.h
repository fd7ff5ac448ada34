// The signals by which terminals and schedulers ask a program to end, as a question that the
// training loop asks.
#pragma once

namespace sac::training {

/// While it lives, the first SIGINT, SIGTERM, SIGHUP, SIGUSR1 or SIGXCPU is only remembered; the
/// next one ends the process as if nobody had listened. The same signal within a tenth of a second
/// is the same event: `timeout` and `make` have every process of a group signalled twice. A signal
/// that was ignored before stays ignored, as nohup wants it. A closed pipe and a file that may not
/// grow are errors of the write alone, no signals. One at a time.
class Interrupts {
 public:
  /// `announce`: the handler says on standard output what is being done.
  explicit Interrupts(bool announce = false);
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  /// The signal that came, 0 if none did.
  int signal() const;
};

}  // namespace sac::training
