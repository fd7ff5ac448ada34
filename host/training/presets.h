// The values behind --preset: what an option is when the user does not give it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kernels/layout.h"

namespace sac::training {

struct Preset {
  Algorithm algorithm;
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

/// What a user may have chosen, and a preset depends on.
struct PresetChoice {
  std::optional<Algorithm> algorithm;  ///< empty: article's is sac-v1, fast's as tuned
  std::optional<int64_t> envs;         ///< empty: as many as the preset is tuned for
};

/// `article`: the hyperparameters of the article, exactly, with one environment; of sac-v2 those of
/// the article on that. `fast`: tuned per environment for the time to solve.
/// Throws UsageError for any other name.
Preset preset(std::string_view name, std::string_view environment, const PresetChoice& choice);

/// The table of `fast`, one line per environment, for --help.
std::string fast_preset_table();

}  // namespace sac::training
