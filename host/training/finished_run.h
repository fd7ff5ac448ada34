// A run that has ended, as its directory tells.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "host/training/outcomes.h"

namespace sac::training {

struct FinishedRun {
  std::filesystem::path path;
  nlohmann::ordered_json config;   ///< config.json
  nlohmann::ordered_json summary;  ///< summary.json
  std::vector<Outcome> outcomes;   ///< of its agents
};

/// Throws UsageError, one line that names the directory, if it holds no run, one that has not ended
/// yet, or one of a newer version.
FinishedRun read_finished_run(const std::filesystem::path& directory);

/// Runs that differ in nothing but seeds, agents and when they ended.
struct RunGroup {
  std::string name;  ///< what it has differently from the other groups of its environment: "hidden
                     ///< 64, gamma 0.99"
  std::string environment;
  std::vector<const FinishedRun*> runs;
  std::vector<Outcome> outcomes;  ///< of all agents of all runs
};

/// In the order in which they come first.
std::vector<RunGroup> grouped(const std::vector<FinishedRun>& runs);

/// The first of the groups that has the same environment: what others are compared with.
const RunGroup& first_of_environment(const std::vector<RunGroup>& groups, const RunGroup& group);

/// The chance that an agent of `group` returns more than one of `other`. NaN if one of them has no
/// return that is a number.
statistics::Estimate improvement(const RunGroup& group, const RunGroup& other);

}  // namespace sac::training
