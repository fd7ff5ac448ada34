// Everything a training run is made of: from the options a user gave to a checked configuration.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "host/base/environments.h"
#include "host/base/learner.h"
#include "host/devices/devices.h"

namespace sac::training {

/// The options of `sac_cuda train`, each in its allowed range; empty where the user gave none.
struct TrainOptions {
  std::optional<std::string> env, preset, algorithm, device, precision, mlp;
  std::optional<uint64_t> seed;
  std::optional<int> agents, threads, hidden, batch, updates_per_step, eval_episodes;
  std::optional<int64_t> envs, replay_size, warmup, eval_every, steps, updates;
  std::optional<double> policy_lr, value_lr, gamma, tau, reward_scale, alpha, target_entropy,
      target_return, time_limit, save_every;
  bool keep_going = false;
  bool quiet = false;
  std::string out;
  std::string resume;                   ///< a run directory; empty: a new run
  const ranks::Ranks* ranks = nullptr;  ///< the processes of the run; null: this one alone
};

/// A training run, everything resolved. Limits that are not there are empty.
struct TrainConfig {
  std::string preset;
  devices::DeviceChoice device;
  LearnerConfig learner;
  std::vector<Hyperparameters> own;       ///< by agent, of a sweep; empty: all have learner.hyper
  int64_t warmup = 0;                     ///< transitions per agent with uniform random actions
  int64_t eval_every = 1;                 ///< gradient steps
  int eval_episodes = 1;                  ///< per agent
  double target_return = 0;               ///< mean return that counts as solved
  std::optional<int64_t> steps, updates;  ///< per agent
  std::optional<int64_t> most_updates;    ///< the preset's, where nobody has set a limit
  std::optional<double> time_limit;       ///< seconds, wall clock
  double save_every = 60;                 ///< seconds between saved states; 0: only at the end
  bool keep_going = false;
  bool quiet = false;
  std::filesystem::path out;      ///< empty: a fresh directory under runs/
  std::filesystem::path resumed;  ///< the run directory that is gone on with; empty: a new run
};

/// Applies preset and defaults, and checks what no single option can be blamed for: sizes against
/// each other, memory against the device's. Throws UsageError.
TrainConfig resolve(const TrainOptions& options);

/// What the run needs of the memory, as a share of what its device and the machine have: more than
/// 1 does not fit.
double memory_share(const TrainConfig& config);

/// Gradient steps after which the run ends: --updates, or the preset's.
std::optional<int64_t> update_limit(const TrainConfig& config);

/// Vector steps of warm-up: enough for `warmup` transitions and for one batch.
int64_t warmup_vector_steps(const TrainConfig& config);

/// Transitions learned from per transition collected: updates x batch / new transitions.
double replay_ratio(const LearnerConfig& config);

/// Is the replay ratio below 1, and below what the preset has with as many environments? A preset
/// may mean to leave transitions unlearned: fresh ones teach more.
bool leaves_more_unlearned_than_its_preset(const TrainConfig& config);

/// sac_v2's temperature where it is not learned, and the entropy that it is to bring the policy to
/// where it is.
std::optional<double> fixed_alpha(const LearnerConfig& config);
std::optional<double> target_entropy(const LearnerConfig& config);

/// Bytes of a state file once the replay is full, which are also those of the copy in memory that
/// it is written from.
double state_bytes(const LearnerConfig& config);

/// Bytes of the replay buffers of all agents.
double replay_bytes(const LearnerConfig& config);

/// The version of config.json, and of the configuration in a state file.
inline constexpr int kConfigFormat = 1;

/// Throws UsageError if a configuration, read from `file`, has a newer format.
void require_config_format(const nlohmann::ordered_json& config, const std::string& file);

/// Everything resolved, for config.json.
nlohmann::ordered_json to_json(const TrainConfig& config);

}  // namespace sac::training
