// state.safetensors: everything that a run needs to go on.
#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "host/base/learner.h"
#include "host/files/safetensors.h"
#include "host/training/config.h"
#include "host/training/run_record.h"

namespace sac::training {

/// A run at one moment, between two calls of the learner.
struct RunState {
  Snapshot snapshot;
  RunRecord record;
  std::string metrics;  ///< metrics.csv up to here
};

/// Writes atomically and to the disk. Tensors of P agents are stacked: `parameters`, `adam.m`,
/// `adam.v`, `replay`, `environments`, `episode_returns` in F32, `episode_steps` in I32, `losses`
/// in F64, `metrics` in U8; shapes as in AgentSnapshot. Throws as write_file_atomically does.
void write_state_file(const std::filesystem::path& path, const TrainConfig& config,
                      const RunState& state);

/// A state file that was opened: first its configuration, with which the rest is read. Every error
/// is a UsageError, one line that names the file.
class StateFile {
 public:
  /// Refuses files of a newer format.
  explicit StateFile(const std::filesystem::path& path);

  /// As config.json has it.
  const nlohmann::ordered_json& config() const { return *config_; }

  /// Everything, checked: shapes, finite numbers, counts that fit each other. `config` is that of
  /// this file, resolved.
  RunState read(const TrainConfig& config);

 private:
  files::SafetensorsFile file_;
  std::shared_ptr<const nlohmann::ordered_json> config_;
};

}  // namespace sac::training
