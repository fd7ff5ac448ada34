// Ctrl-C and SIGTERM as a question that the training loop asks.
#pragma once

namespace sac::training {

/// While it lives, the first SIGINT or SIGTERM is only remembered; a second one ends the process
/// as if nobody had listened. One at a time.
class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  /// The signal that came, 0 if none did.
  int signal() const;
};

}  // namespace sac::training
