// A run's metrics as TensorBoard event files.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "host/training/config.h"
#include "host/training/metrics.h"
#include "host/training/retried_writes.h"

namespace sac::training {

/// Agent 0's file lies in the run directory, agent P's in agent<P> below it: one run of TensorBoard
/// each. A resumed run begins files of its own, which take the place of what others have from its
/// first step on.
class TensorboardLog {
 public:
  /// `writes` must outlive the log; it is told what fails, and tries it again.
  TensorboardLog(const TrainConfig& config, const std::filesystem::path& run_directory,
                 RetriedWrites& writes);

  /// One agent's values at its latest evaluation; the step is that of its transitions.
  void add(const Evaluated& evaluated);

  /// The run has ended; `success`: not by diverging.
  void finish(bool success);

 private:
  struct File {
    std::filesystem::path path;
    std::string pending;  ///< records that are not in the file yet
    bool begun = false;
  };

  void write(size_t agent, const std::string& records);

  const TrainConfig& config_;
  const std::filesystem::path directory_;
  RetriedWrites& writes_;
  std::vector<File> files_;  ///< by agent
};

}  // namespace sac::training
