// One training run, from options to the files that it leaves behind: what the command train does,
// and the Python package.
#pragma once

#include <filesystem>
#include <ostream>

#include "host/training/config.h"
#include "host/training/progress.h"
#include "host/training/run_record.h"
#include "host/training/trainer.h"

namespace sac::training {

/// Where a run says how it is doing.
struct Output {
  ProgressMode mode;
  std::ostream& stream;
};

struct TrainedRun {
  std::filesystem::path directory;
  RunRecord record;
};

/// Trains until the environment is solved, a limit is reached or a callback ends the run. Throws
/// UsageError for what the user can put right, before it writes anything, and std::runtime_error if
/// training diverges or a file could not be written to the end; the run directory is complete even
/// then.
TrainedRun train(const TrainOptions& options, const Output& output, const Callbacks& callbacks);

}  // namespace sac::training
