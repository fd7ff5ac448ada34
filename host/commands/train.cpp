#include "host/training/train.h"

#include <cstdio>
#include <iostream>

#include "host/commands/commands.h"
#include "host/devices/devices.h"
#include "host/devices/processors.h"
#include "host/ranks/led_learner.h"
#include "host/training/interrupts.h"

namespace sac::commands {
namespace {

using Announcement = training::Interrupts::Announcement;

constexpr size_t kPanelBytes = 1 << 16;

Announcement announcement(training::ProgressMode mode) {
  if (mode == training::ProgressMode::quiet) return Announcement::none;
  return mode == training::ProgressMode::live ? Announcement::over_live : Announcement::line;
}

int run(const training::TrainOptions& options) {
  const training::ProgressMode mode = training::progress_mode(options.quiet);
  const training::Interrupts interrupts(announcement(mode));  // before the learner's threads
  // A panel is one write, which no signal's message can come into.
  if (mode == training::ProgressMode::live) std::setvbuf(stdout, nullptr, _IOFBF, kPanelBytes);
  training::train(options, {mode, std::cout},
                  {.interrupted = [&] { return interrupts.signal() != 0; }, .evaluated = {}});
  return interrupts.signal() == 0 ? 0 : 128 + interrupts.signal();
}

void take_own_gpu(const ranks::Ranks& ranks) {
  if (ranks.local_size > 1) devices::use_gpu(ranks.local_rank);
}

// Rank 0 trains, of several with the others' help, and has all the rest to itself: options, files,
// display, and what to do at a signal, which the launcher sends to all.
int lead(training::TrainOptions options, const ranks::Ranks& ranks) {
  if (ranks.size > 1) options.ranks = &ranks;
  take_own_gpu(ranks);
  if (!options.threads && ranks.local_size > 1) {
    options.threads = devices::processors_of_one_in(ranks.local_size);
  }
  return run(options);
}

int follow(const ranks::Ranks& ranks) {
  const training::Interrupts ignored;
  take_own_gpu(ranks);
  const auto device = ranks.from_first(devices::Device::cpu);
  ranks::follow(ranks, [device](const LearnerConfig& config) {
    return devices::make_learner(device, config);
  });
  return 0;
}

}  // namespace

int train(const training::TrainOptions& options) {
  const ranks::Ranks ranks;
  const int exit_code = ranks.rank == 0 ? lead(options, ranks) : follow(ranks);
  ranks.finish();
  return exit_code;
}

}  // namespace sac::commands
