#include <fmt/format.h>
#include <fmt/ostream.h>

#include <cmath>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "host/base/usage_error.h"
#include "host/commands/commands.h"
#include "host/commands/played_policy.h"
#include "host/files/atomic_file.h"
#include "host/report/page.h"
#include "host/report/report_data.h"
#include "host/training/finished_run.h"
#include "host/training/run_directory.h"

namespace sac::commands {
namespace {

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

}  // namespace

void report(const ReportOptions& options) {
  // Another name may be that of a run's file.
  if (std::filesystem::path(options.out).extension() != ".html") {
    throw UsageError(fmt::format("--out {}: expected a name that ends in .html", options.out));
  }
  files::require_writable_file(options.out);
  std::vector<training::FinishedRun> runs;
  for (const std::string& run : options.runs) {
    training::policy_file(runs.emplace_back(training::read_finished_run(run)).path);
  }
  const std::vector<training::RunGroup> groups = training::grouped(runs);
  std::vector<report::SeenPolicy> policies;
  for (const training::RunGroup& group : groups) {
    if (policies.size() < report::kMostPolicies) policies.push_back(read_policy_of(group));
  }
  const std::string page = report::page(report::report_data(groups, policies));
  files::write_file_atomically(options.out, page);
  fmt::print(std::cout, "{}: {} run{}, {:.0f} KB\n", options.out, runs.size(),
             runs.size() == 1 ? "" : "s", static_cast<double>(page.size()) / 1e3);
}

}  // namespace sac::commands
