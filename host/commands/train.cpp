#include "host/training/train.h"

#include <cstdio>
#include <iostream>

#include "host/commands/commands.h"
#include "host/training/interrupts.h"

namespace sac::commands {
namespace {

constexpr size_t kPanelBytes = 1 << 16;

training::Interrupts::Announcement announcement(training::ProgressMode mode) {
  using Announcement = training::Interrupts::Announcement;
  if (mode == training::ProgressMode::quiet) return Announcement::none;
  return mode == training::ProgressMode::live ? Announcement::over_live : Announcement::line;
}

}  // namespace

int train(const training::TrainOptions& options) {
  const training::ProgressMode mode = training::progress_mode(options.quiet);
  const training::Interrupts interrupts(announcement(mode));  // before the learner's threads
  // A panel is one write, which no signal's message can come into.
  if (mode == training::ProgressMode::live) std::setvbuf(stdout, nullptr, _IOFBF, kPanelBytes);
  training::train(options, {mode, std::cout},
                  {.interrupted = [&] { return interrupts.signal() != 0; }, .evaluated = {}});
  return interrupts.signal() == 0 ? 0 : 128 + interrupts.signal();
}

}  // namespace sac::commands
