// The files of one training run: config.json, metrics.csv, checkpoint.safetensors,
// best.safetensors, state.safetensors, summary.json.
#pragma once

#include <filesystem>
#include <future>
#include <optional>
#include <string>
#include <vector>

#include "host/training/config.h"
#include "host/training/retried_writes.h"
#include "host/training/run_files.h"
#include "host/training/run_record.h"
#include "host/training/state_file.h"
#include "host/training/tensorboard_log.h"

namespace sac::training {

inline constexpr const char* kConfigFile = "config.json";
inline constexpr const char* kMetricsFile = "metrics.csv";
inline constexpr const char* kStateFile = "state.safetensors";
inline constexpr const char* kSummaryFile = "summary.json";

/// Throws UsageError if a run cannot be put into `directory` (empty: runs/ in the current one):
/// it holds one already, is not a directory, or cannot be written. Changes nothing.
void require_usable_run_directory(const std::filesystem::path& directory);

/// Where the run of this configuration puts its files: as above for a new one; a resumed one may go
/// on where it is, if that can be written.
void require_usable_run_directory(const TrainConfig& config);

/// The policy that a path names: a file, or the best one of a run directory's agent, else its last.
/// Throws UsageError for a directory that has neither.
std::filesystem::path policy_file(const std::filesystem::path& path, int agent = 0);

/// An existing run directory. Files are complete at any time; metrics.csv grows row by row.
///
/// Once it exists, nothing here throws if a file cannot be written: the run goes on, and the file
/// is written again at the next occasion, which is any other write.
class RunDirectory final : public RunFiles {
 public:
  /// Creates the directory (without --out: runs/<env>-<seed>-<UTC time>), config.json and
  /// metrics.csv. Throws as require_usable_run_directory does. `device_description` goes into
  /// config.json. A resumed run brings its `metrics`, if it has any, and its policies.
  RunDirectory(const TrainConfig& config, const std::string& device_description,
               const std::string& metrics = "");

  const std::filesystem::path& path() const { return path_; }

  /// The content of metrics.csv.
  const std::string& metrics() const { return metrics_; }

  /// One row of metrics.csv per agent, from the record's latest evaluation.
  void add_evaluation(const RunRecord& record) override;

  /// checkpoint.safetensors for agent 0, checkpoint_agent<P>.safetensors for the others: the policy
  /// evaluated last.
  void write_checkpoint(int agent, const AgentState& state, const RunRecord& record) override;

  /// best.safetensors, best_agent<P>.safetensors: the best one so far.
  void write_best(int agent, const AgentState& state, const RunRecord& record) override;

  /// state.safetensors, in the background; waits for the one before. Not while a policy cannot be
  /// written: no state on the disk is newer than the policies beside it.
  void save_state(Snapshot snapshot, const RunRecord& record) override;
  bool saving() const override;

  void write_summary(const RunRecord& record) override;

  /// Waits for the state, tries again what has failed, and says what still does.
  std::optional<std::string> finish();

  std::vector<std::string> news() override;

 private:
  void write_policy(const std::string& name, int agent, const AgentState& state,
                    const RunRecord& record);
  void write_metrics(const std::string& rows);
  void collect_state();
  void write_state(RunState state);
  bool policy_missing() const;

  TrainConfig config_;
  std::filesystem::path path_;
  std::string metrics_;
  bool metrics_complete_ = true;  ///< the file has what metrics_ had before the latest rows
  RetriedWrites writes_;
  std::optional<TensorboardLog> tensorboard_;
  std::future<void> state_;
  std::optional<RunState> held_back_;  ///< as long as a policy is missing
};

}  // namespace sac::training
