// The run directories of trials that share a learner.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "host/training/run_directory.h"
#include "host/training/run_files.h"

namespace sac::sweep {

/// One trial's place among the agents of a launch.
struct LaunchedTrial {
  training::TrainConfig config;  ///< of its own run
  int first_agent = 0;
  std::string metrics{};  ///< metrics.csv so far, where it goes on
};

/// Hands every trial its agents' part of what the trainer writes, as if they were trained alone: a
/// trial whose last agent has ended is closed then, whatever others of the launch go on to do.
/// Agents of no trial leave no files.
class LaunchFiles final : public training::RunFiles {
 public:
  /// Creates the directories, or goes on in them.
  LaunchFiles(const std::vector<LaunchedTrial>& trials, const std::string& device_description);

  void add_evaluation(const training::RunRecord& record) override;
  void write_checkpoint(int agent, const AgentState& state,
                        const training::RunRecord& record) override;
  void write_best(int agent, const AgentState& state, const training::RunRecord& record) override;
  void save_state(Snapshot snapshot, const training::RunRecord& record) override;
  bool saving() const override;
  void write_summary(const training::RunRecord& record) override;
  std::vector<std::string> news() override;

  /// As RunDirectory::finish, of the first trial that has something to say.
  std::optional<std::string> finish();

 private:
  struct Trial {
    Trial(const LaunchedTrial& launched, const std::string& device_description)
        : config(launched.config),
          first_agent(launched.first_agent),
          directory(config, device_description, launched.metrics) {}

    training::TrainConfig config;
    int first_agent;
    training::RunDirectory directory;
    bool closed = false;
  };

  /// The trial that this agent belongs to; null if there is none that is open.
  Trial* trial_of(int agent);
  static training::RunRecord part(const Trial& trial, const training::RunRecord& record);
  static void close(Trial& trial, training::RunRecord part);

  std::deque<Trial> trials_;  ///< which stay where they are
};

}  // namespace sac::sweep
