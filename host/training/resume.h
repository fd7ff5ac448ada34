// `train --resume RUN`: the configuration of a run that goes on, and where it goes on.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/training/config.h"
#include "host/training/state_file.h"

namespace sac::training {

struct ResumedRun {
  TrainConfig config;
  std::optional<RunState> state;   ///< none if the run was ended before it had saved one
  std::vector<std::string> notes;  ///< lines for the user
};

/// Reads options.resume, a run directory. Limits, threads, out, save_every and quiet may be given
/// anew; a device too, of which another kind brings its own precision. Throws UsageError, one line
/// that names the option, for every other one that is given and is not the run's, and for a
/// directory or a file that holds no run.
ResumedRun resume(const TrainOptions& options);

}  // namespace sac::training
