// What the trials of a sweep came to, best first.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "host/sweep/plan.h"
#include "host/training/outcomes.h"

namespace sac::sweep {

/// The plan, as a sweep's directory keeps it.
inline constexpr const char* kSweepFile = "sweep.json";
inline constexpr const char* kRankingJson = "ranking.json";
inline constexpr const char* kRankingCsv = "ranking.csv";

struct Ranked {
  int trial = 0;
  training::OutcomeStatistics statistics;  ///< of its agents
  double updates = 0;  ///< gradient steps: the median of its agents, each until it solved the task
                       ///< or was ended
};

/// The trials that have been trained, by the interquartile mean of their agents' best returns; of
/// equal ones the one with fewer gradient steps, then the one with the lower number, comes first.
/// An agent that diverged before its first evaluation counts as the worst of all that did not.
/// Nothing that depends on the time taken is in it.
std::vector<Ranked> ranking(const Plan& plan, std::span<const int> trials);

/// ranking.csv and ranking.json in the sweep's directory: rank, trial, run, the parameters,
/// agents, solved, return_iqm and its 95 % interval, updates_to_solve, updates.
void write_ranking(const Plan& plan, const std::vector<Ranked>& ranking);

/// Is this the directory of a sweep, ended or not?
bool holds_sweep(const std::filesystem::path& directory);

/// ranking.json. Throws UsageError if the sweep has not ended, or the file is damaged.
nlohmann::ordered_json read_ranking(const std::filesystem::path& directory);

/// The best `most` as a table for the terminal.
std::string ranking_table(const Plan& plan, const std::vector<Ranked>& ranking, size_t most);

}  // namespace sac::sweep
