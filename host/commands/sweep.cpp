#include "host/sweep/sweep.h"

#include <iostream>

#include "host/commands/commands.h"
#include "host/training/interrupts.h"

namespace sac::commands {

int sweep(const sac::sweep::SweepOptions& options) {
  using Announcement = training::Interrupts::Announcement;
  const training::ProgressMode mode = training::progress_mode(options.train.quiet);
  const training::Interrupts interrupts(mode == training::ProgressMode::quiet
                                            ? Announcement::none
                                            : Announcement::line);  // before the learner's threads
  const bool done =
      sac::sweep::run(options, {mode, std::cout}, [&] { return interrupts.signal() != 0; });
  return done ? 0 : 128 + interrupts.signal();
}

}  // namespace sac::commands
