#include "host/training/finished_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <limits>
#include <string_view>

#include "host/base/usage_error.h"
#include "host/training/config.h"
#include "host/training/run_directory.h"

namespace sac::training {
namespace fs = std::filesystem;
namespace {

using json = nlohmann::ordered_json;

// What makes no other group: chance, limits, and where and when it ran.
constexpr std::array kNoDifference{"format",
                                   "version",
                                   "seed",
                                   "agents",
                                   "threads",
                                   "ranks",
                                   "steps",
                                   "updates",
                                   "time_limit",
                                   "save_every",
                                   "keep_going",
                                   "provenance",
                                   "device_description"};

json read_object(const fs::path& path) {
  std::ifstream in(path);
  json content = json::parse(in, nullptr, /*allow_exceptions=*/false);
  if (!content.is_object()) {
    throw UsageError(fmt::format("{}: is no JSON object", path.string()));
  }
  return content;
}

Outcome outcome_of(const json& agent) {
  Outcome outcome{std::numeric_limits<double>::quiet_NaN(), {}, {}};
  if (agent.at("best_return_mean").is_number()) outcome.score = agent["best_return_mean"];
  if (agent.at("seconds_to_solve").is_number()) {
    outcome.seconds_to_solve = agent["seconds_to_solve"].get<double>();
    outcome.updates_to_solve = agent.at("updates_to_solve").get<int64_t>();
  }
  return outcome;
}

json distinction(const FinishedRun& run) {
  json key = run.config;
  for (const char* name : kNoDifference) key.erase(name);
  return key;
}

// Options that differ between `key` and any of the others.
std::string name_of(const json& key, const std::vector<json>& others) {
  std::string name;
  for (const auto& [option, value] : key.items()) {
    const bool same = std::ranges::all_of(others, [&](const json& other) {
      return other["env"] != key["env"] || other.value(option, json()) == value;
    });
    if (same) continue;
    name += fmt::format("{}{} {}", name.empty() ? "" : ", ", option,
                        value.is_string() ? value.get<std::string>() : value.dump());
  }
  return name;
}

std::vector<double> scores(const RunGroup& group) {
  std::vector<double> all;
  for (const Outcome& outcome : group.outcomes) {
    if (std::isfinite(outcome.score)) all.push_back(outcome.score);
  }
  return all;
}

}  // namespace

FinishedRun read_finished_run(const fs::path& directory) {
  std::error_code error;
  const fs::path config = directory / kConfigFile, summary = directory / kSummaryFile;
  if (!fs::is_directory(directory, error)) {
    throw UsageError(fmt::format("{}: expected a run directory", directory.string()));
  }
  if (!fs::exists(config, error)) {
    throw UsageError(fmt::format("{}: holds no run: no {}", directory.string(), kConfigFile));
  }
  if (!fs::exists(summary, error)) {
    throw UsageError(
        fmt::format("{}: the run has not ended yet: no {}", directory.string(), kSummaryFile));
  }
  FinishedRun run{directory, read_object(config), read_object(summary), {}};
  require_config_format(run.config, config.string());
  try {
    run.config.at("env").get<std::string>();
    for (const json& agent : run.summary.at("agent_results")) {
      run.outcomes.push_back(outcome_of(agent));
    }
  } catch (const json::exception& e) {
    throw UsageError(fmt::format("{}: holds no run of this program's version: {}",
                                 directory.string(), e.what()));
  }
  if (run.outcomes.empty()) {
    throw UsageError(fmt::format("{}: has no agent's result", summary.string()));
  }
  return run;
}

std::vector<RunGroup> grouped(const std::vector<FinishedRun>& runs) {
  std::vector<json> keys;
  std::vector<RunGroup> groups;
  for (const FinishedRun& run : runs) {
    const json key = distinction(run);
    const size_t at = std::ranges::find(keys, key) - keys.begin();
    if (at == keys.size()) {
      keys.push_back(key);
      groups.push_back({"", run.config["env"], {}, {}});
    }
    groups[at].runs.push_back(&run);
    groups[at].outcomes.insert(groups[at].outcomes.end(), run.outcomes.begin(), run.outcomes.end());
  }
  for (size_t g = 0; g < groups.size(); ++g) groups[g].name = name_of(keys[g], keys);
  return groups;
}

const RunGroup& first_of_environment(const std::vector<RunGroup>& groups, const RunGroup& group) {
  return *std::ranges::find(groups, group.environment, &RunGroup::environment);
}

statistics::Estimate improvement(const RunGroup& group, const RunGroup& other) {
  return statistics::probability_of_improvement(scores(group), scores(other));
}

}  // namespace sac::training
