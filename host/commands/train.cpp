#include "host/training/train.h"

#include <iostream>

#include "host/commands/commands.h"
#include "host/training/interrupts.h"

namespace sac::commands {

int train(const training::TrainOptions& options) {
  const training::Interrupts interrupts(!options.quiet);  // before the learner's threads
  training::train(options, {training::progress_mode(options.quiet), std::cout},
                  {.interrupted = [&] { return interrupts.signal() != 0; }, .evaluated = {}});
  return interrupts.signal() == 0 ? 0 : 128 + interrupts.signal();
}

}  // namespace sac::commands
