// The values behind --preset: what an option is when the user does not give it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sac::training {

struct Preset {
  int64_t envs;          ///< environments per agent
  int hidden, batch;     ///< width of the networks, transitions per gradient step
  int updates_per_step;  ///< gradient steps per vector step
  int64_t replay_size;   ///< transitions
  int64_t warmup;        ///< transitions with uniform random actions
  double policy_lr;      ///< Adam's rate for pi
  double value_lr;       ///< Adam's rate for v, q1 and q2
  double gamma, tau, reward_scale;
  int64_t eval_every;                   ///< gradient steps
  std::optional<int64_t> most_updates;  ///< gradient steps after which a run without a limit ends
};

/// `article`: the hyperparameters of the article, exactly; one environment unless `envs` is given.
/// `fast`: tuned per environment for the time to solve; as many environments as tuned for unless
/// `envs` is given.
/// Throws UsageError for any other name.
Preset preset(std::string_view name, std::string_view environment, std::optional<int64_t> envs);

/// The table of `fast`, one line per environment, for --help.
std::string fast_preset_table();

}  // namespace sac::training
