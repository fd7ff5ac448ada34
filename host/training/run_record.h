// What a run has done so far: the one record that progress, metrics.csv and summary.json show, and
// that a resumed run goes on with.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "host/base/learner.h"
#include "host/diagnostics/diagnostics.h"
#include "host/training/returns.h"

namespace sac::training {

enum class StopReason { none, solved, steps, updates, time_limit, interrupted, diverged };

/// "solved", "steps", ...; as summary.json names it.
const char* stop_reason_name(StopReason reason);

struct AgentRecord {
  int64_t evaluated_updates = -1;           ///< gradient steps at its latest evaluation; -1: none
  Returns returns;                          ///< of it
  std::optional<Returns> confirmation;      ///< of the same policy, if there was one
  diagnostics::Diagnostics diagnostics;     ///< of that policy on the newest transitions
  Losses losses;                            ///< of the latest gradient step before it
  std::optional<double> training_return;    ///< mean over environments, of their last whole
                                            ///< episodes then
  Returns best;                             ///< of its best policy; the confirmation's, once solved
  std::optional<double> seconds_to_solve;   ///< training time at its first evaluation that was
                                            ///< confirmed
  std::optional<int64_t> updates_to_solve;  ///< gradient steps then
  bool retired = false;                     ///< learns no more since then

  bool solved() const { return seconds_to_solve.has_value(); }
};

/// Counts are per agent, warm-up included.
struct RunRecord {
  int64_t env_steps = 0;           ///< transitions
  int64_t updates = 0;             ///< gradient steps
  int64_t evaluations = 0;         ///< so far
  int64_t evaluated_updates = -1;  ///< gradient steps at the latest evaluation; -1: none yet
  double train_seconds = 0;        ///< in the training loop, without evaluation and file writing
  double wall_seconds = 0;         ///< since the start, everything included
  std::vector<AgentRecord> agents;
  Returns returns;                    ///< of every agent's latest evaluation, together
  bool at_threshold = false;          ///< are all sound agents, in theirs?
  std::vector<std::string> failures;  ///< by agent: the number that was not finite, and since when;
                                      ///< empty for a sound agent
  StopReason stop = StopReason::none;

  bool failed(size_t agent) const { return agent < failures.size() && !failures[agent].empty(); }
  bool learns(size_t agent) const { return !failed(agent) && !agents[agent].retired; }
  /// Was this one in the latest evaluation?
  bool evaluated(size_t agent) const {
    return agents[agent].evaluated_updates == evaluated_updates;
  }

  /// Why none learns any more: all have solved the task, or some have failed; `none` if one learns.
  StopReason all_ended() const;

  /// Training time when the last sound agent had solved the task; empty if one has not, or none is
  /// sound.
  std::optional<double> seconds_to_solve() const;

  /// The share of a replay's slots that hold a transition.
  double replay_fill(const LearnerConfig& config) const;

  double env_steps_per_second() const { return rate(env_steps); }
  double updates_per_second() const { return rate(updates); }

 private:
  double rate(int64_t count) const {
    return train_seconds > 0 ? static_cast<double>(count) / train_seconds : 0;
  }
};

/// Sets `returns` and `at_threshold` from the agents' latest evaluations.
void summarise_latest(RunRecord& record, double target_return);

/// Everything but `stop`, exactly; NaN is null.
nlohmann::ordered_json to_json(const RunRecord& record);

/// The opposite. Throws nlohmann::json::exception if something is missing or of the wrong kind.
RunRecord run_record_from(const nlohmann::ordered_json& json);

}  // namespace sac::training
