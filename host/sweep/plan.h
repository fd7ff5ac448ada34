// A sweep before it begins: its trials, and what each of them trains with.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "host/sweep/points.h"
#include "host/training/config.h"

namespace sac::sweep {

/// The options of `sac_cuda sweep`. Of train's, `agents` is how many there may be in one launch,
/// and `out` the sweep's directory.
struct SweepOptions {
  training::TrainOptions train;
  std::vector<std::string> set;  ///< as parse_swept_parameter reads them
  std::string points = "sobol";
  std::optional<int> trials;
  int seeds = 4;  ///< agents per trial
  bool halving = false;
};

/// A trial is one point, tried by several agents: the run that train makes of its options, to the
/// bit, whichever trials it shares a launch with.
struct Plan {
  std::vector<SweptParameter> parameters;
  std::vector<Point> points;         ///< by trial
  int seeds = 1;                     ///< agents per trial
  std::optional<int> launch_agents;  ///< at most, in one launch
  training::TrainOptions train;      ///< of trial 0 at its first point, everything decided
  std::vector<int64_t> rungs;  ///< gradient steps after which the worse half of the trials ends,
                               ///< and the limit; empty: no halving
  std::filesystem::path directory;

  int trials() const { return static_cast<int>(points.size()); }
};

/// Throws UsageError for whatever would keep a trial from being trained.
Plan make_plan(const SweepOptions& options);

/// The directory of a trial's run, inside the sweep's: "trial-0007".
std::string trial_name(int trial);

/// A trial's run up to a rung, or to its end where there are none. Goes on with what its directory
/// holds.
training::TrainConfig trial_config(const Plan& plan, int trial, size_t rung);

/// Trials that one launch may span so that it fits `share` of the memory, at least one.
int most_trials(const Plan& plan, double share);

/// All that decides the sweep's results, for sweep.json.
nlohmann::ordered_json to_json(const Plan& plan);

}  // namespace sac::sweep
