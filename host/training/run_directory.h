// The files of one training run: config.json, metrics.csv, checkpoint.safetensors, summary.json.
#pragma once

#include <filesystem>
#include <string>

#include "host/training/config.h"
#include "host/training/run_record.h"

namespace sac::training {

/// Throws UsageError if a run cannot be put into `directory` (empty: runs/ in the current one):
/// it holds one already, is not a directory, or cannot be written. Changes nothing.
void require_usable_run_directory(const std::filesystem::path& directory);

/// An existing run directory. Files are complete at any time; metrics.csv grows row by row.
class RunDirectory {
 public:
  /// Creates the directory (without --out: runs/<env>-<seed>-<UTC time>), config.json and
  /// metrics.csv. Throws as require_usable_run_directory does. `device_description` goes into
  /// config.json.
  RunDirectory(const TrainConfig& config, const std::string& device_description);

  const std::filesystem::path& path() const { return path_; }

  /// One row of metrics.csv per agent, from the record's latest evaluation.
  void add_evaluation(const RunRecord& record);

  /// checkpoint.safetensors for agent 0, checkpoint_agent<P>.safetensors for the others.
  void write_checkpoint(int agent, const AgentState& state, const RunRecord& record);

  void write_summary(const RunRecord& record);

 private:
  TrainConfig config_;
  std::filesystem::path path_;
};

}  // namespace sac::training
