#include <fmt/format.h>
#include <fmt/ostream.h>

#include <cmath>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "host/base/usage_error.h"
#include "host/commands/commands.h"
#include "host/commands/played_policy.h"
#include "host/files/atomic_file.h"
#include "host/report/page.h"
#include "host/report/report_data.h"
#include "host/sweep/ranking.h"
#include "host/training/finished_run.h"
#include "host/training/run_directory.h"

namespace sac::commands {
namespace {

constexpr size_t kMostTrials = 1000;  // of a sweep, on the page

/// The best policy of the group's agent with the highest return.
std::filesystem::path best_policy(const training::RunGroup& group) {
  const training::FinishedRun* best = group.runs[0];
  size_t agent = 0;
  double score = std::nan("");
  for (const training::FinishedRun* run : group.runs) {
    for (size_t p = 0; p < run->outcomes.size(); ++p) {
      const double other = run->outcomes[p].score;
      if (std::isnan(other) || other <= score) continue;
      best = run;
      agent = p;
      score = other;
    }
  }
  return training::policy_file(best->path, static_cast<int>(agent));
}

report::SeenPolicy read_policy_of(const training::RunGroup& group) {
  PlayedPolicy played = read_played_policy(best_policy(group), group.environment, true);
  files::SafetensorsFile file(played.file);
  const bool has_value =
      files::read_value_networks(file, played.policy.shape, played.policy.parameters);
  return {played.file, std::move(played.policy), has_value, played.environment};
}

/// The ranking of a sweep for the page, each trial with its run's path; the best go to `runs`.
nlohmann::ordered_json read_sweep(const std::filesystem::path& directory,
                                  std::vector<training::FinishedRun>& runs) {
  nlohmann::ordered_json sweep = sac::sweep::read_ranking(directory);
  sweep["path"] = directory.string();
  sweep["trials_in_all"] = sweep["trials"].size();
  auto& trials = sweep["trials"];
  if (trials.size() > kMostTrials) trials.erase(trials.begin() + kMostTrials, trials.end());
  for (size_t i = 0; i < trials.size(); ++i) {
    const std::filesystem::path run = directory / trials[i]["run"].get<std::string>();
    trials[i]["path"] = run.string();
    if (i >= report::kMostPolicies) continue;
    training::FinishedRun finished = training::read_finished_run(run);
    const bool has_policy = std::isfinite(finished.outcomes[0].score);
    if (has_policy) runs.push_back(std::move(finished));
  }
  if (runs.empty()) {
    throw UsageError(fmt::format("{}: none of its best trials has a policy", directory.string()));
  }
  return sweep;
}

}  // namespace

void report(const ReportOptions& options) {
  // Another name may be that of a run's file.
  if (std::filesystem::path(options.out).extension() != ".html") {
    throw UsageError(fmt::format("--out {}: expected a name that ends in .html", options.out));
  }
  files::require_writable_file(options.out);
  std::vector<training::FinishedRun> runs;
  nlohmann::ordered_json sweeps = nlohmann::ordered_json::array();
  for (const std::string& run : options.runs) {
    if (sac::sweep::holds_sweep(run)) {
      sweeps.push_back(read_sweep(run, runs));
    } else {
      training::policy_file(runs.emplace_back(training::read_finished_run(run)).path);
    }
  }
  const std::vector<training::RunGroup> groups = training::grouped(runs);
  std::vector<report::SeenPolicy> policies;
  for (const training::RunGroup& group : groups) {
    if (policies.size() < report::kMostPolicies) policies.push_back(read_policy_of(group));
  }
  nlohmann::ordered_json data = report::report_data(groups, policies);
  data["sweeps"] = std::move(sweeps);
  const std::string page = report::page(data);
  files::write_file_atomically(options.out, page);
  fmt::print(std::cout, "{}: {} run{}, {:.0f} KB\n", options.out, runs.size(),
             runs.size() == 1 ? "" : "s", static_cast<double>(page.size()) / 1e3);
}

}  // namespace sac::commands
