// What agents, or runs, that learned the same task came to, in the figures by which they are
// compared.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>

#include "host/statistics/statistics.h"
#include "host/training/run_record.h"

namespace sac::training {

/// One agent's result.
struct Outcome {
  double score = 0;  ///< mean return of its best policy; NaN if it never had one
  std::optional<double> seconds_to_solve;   ///< of training; empty: not solved
  std::optional<int64_t> updates_to_solve;  ///< gradient steps
};

struct OutcomeStatistics {
  int agents = 0, solved = 0;
  statistics::Interval share;     ///< of agents that solve the task
  double interquartile_mean = 0;  ///< of the scores that are numbers
  statistics::Interval interquartile_mean_interval;
  std::optional<double> median_seconds, median_updates;  ///< to solve; empty if half did not
};

std::vector<Outcome> outcomes(const RunRecord& record);

/// Of one outcome or more.
OutcomeStatistics compare(std::span<const Outcome> outcomes);

/// "49 of 50 agents solved (98 %, 95 % interval 90 to 100); interquartile mean return ..."
std::string in_words(const OutcomeStatistics& statistics);

nlohmann::ordered_json to_json(const OutcomeStatistics& statistics);

}  // namespace sac::training
