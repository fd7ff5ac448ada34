#include "host/sweep/ranking.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <tuple>

#include "host/base/environments.h"
#include "host/base/usage_error.h"
#include "host/files/atomic_file.h"
#include "host/statistics/statistics.h"
#include "host/training/finished_run.h"

namespace sac::sweep {
namespace {

using json = nlohmann::ordered_json;
using training::FinishedRun;
using training::Outcome;

double median_updates(const FinishedRun& run) {
  const auto all = static_cast<double>(run.summary.at("updates").get<int64_t>());
  std::vector<double> updates;
  for (const Outcome& outcome : run.outcomes) {
    updates.push_back(outcome.updates_to_solve ? static_cast<double>(*outcome.updates_to_solve)
                                               : all);
  }
  return statistics::median(updates);
}

// Lost agents are not passed over: a trial of which one was lucky and three diverged is no good
// one.
void count_the_lost(std::vector<FinishedRun>& runs) {
  double worst = std::numeric_limits<double>::infinity();
  for (const FinishedRun& run : runs) {
    for (const Outcome& outcome : run.outcomes) {
      if (std::isfinite(outcome.score)) worst = std::min(worst, outcome.score);
    }
  }
  for (FinishedRun& run : runs) {
    for (Outcome& outcome : run.outcomes) {
      if (!std::isfinite(outcome.score)) outcome.score = worst;
    }
  }
}

json number_or_null(const std::optional<double>& x) {
  return x && std::isfinite(*x) ? json(*x) : json();
}

// One row, by the names of the columns.
json row(const Plan& plan, const Ranked& ranked, size_t rank) {
  const training::OutcomeStatistics& s = ranked.statistics;
  json row = {{"rank", rank}, {"trial", ranked.trial}, {"run", trial_name(ranked.trial)}};
  for (size_t i = 0; i < plan.parameters.size(); ++i) {
    row[plan.parameters[i].name] = plan.points[ranked.trial][i];
  }
  row.update({{"agents", s.agents},
              {"solved", s.solved},
              {"return_iqm", number_or_null(s.interquartile_mean)},
              {"return_iqm_low", number_or_null(s.interquartile_mean_interval.low)},
              {"return_iqm_high", number_or_null(s.interquartile_mean_interval.high)},
              {"updates_to_solve", number_or_null(s.median_updates)},
              {"updates", ranked.updates}});
  return row;
}

std::string csv(const json& rows) {
  std::string text;
  for (const json& row : rows) {
    if (text.empty()) {
      for (const auto& [name, value] : row.items()) text += name + ',';
      text.back() = '\n';
    }
    for (const auto& [name, value] : row.items()) {
      if (value.is_string()) {
        text += value.get<std::string>();
      } else if (!value.is_null()) {
        text += value.dump();
      }
      text += ',';
    }
    text.back() = '\n';
  }
  return text;
}

}  // namespace

std::vector<Ranked> ranking(const Plan& plan, std::span<const int> trials) {
  std::vector<FinishedRun> runs;
  for (const int trial : trials) {
    runs.push_back(training::read_finished_run(plan.directory / trial_name(trial)));
  }
  count_the_lost(runs);
  std::vector<Ranked> all;
  for (size_t i = 0; i < runs.size(); ++i) {
    all.push_back({trials[i], training::compare(runs[i].outcomes), median_updates(runs[i])});
  }
  std::ranges::stable_sort(all, {}, [](const Ranked& r) {
    return std::tuple(-r.statistics.interquartile_mean, r.updates, r.trial);
  });
  return all;
}

void write_ranking(const Plan& plan, const std::vector<Ranked>& ranking) {
  json rows = json::array(), parameters = json::array();
  for (size_t i = 0; i < ranking.size(); ++i) rows.push_back(row(plan, ranking[i], i + 1));
  for (const SweptParameter& p : plan.parameters) {
    parameters.push_back({{"name", p.name}, {"logarithmic", p.logarithmic}});
  }
  const int environment = training::resolve(plan.train).learner.environment;
  const json content = {{"env", environment_info(environment).id},
                        {"seeds", plan.seeds},
                        {"parameters", parameters},
                        {"trials", rows}};
  files::write_file_atomically(plan.directory / kRankingCsv, csv(rows));
  files::write_file_atomically(plan.directory / kRankingJson, content.dump(2) + '\n');
}

bool holds_sweep(const std::filesystem::path& directory) {
  std::error_code error;
  return std::filesystem::exists(directory / kSweepFile, error);
}

json read_ranking(const std::filesystem::path& directory) {
  const std::filesystem::path file = directory / kRankingJson;
  std::error_code error;
  if (!std::filesystem::exists(file, error)) {
    throw UsageError(
        fmt::format("{}: the sweep has not ended yet: no {}", directory.string(), kRankingJson));
  }
  std::ifstream in(file);
  json content = json::parse(in, nullptr, /*allow_exceptions=*/false);
  try {
    for (const json& trial : content.at("trials")) trial.at("run").get<std::string>();
  } catch (const json::exception& e) {
    throw UsageError(fmt::format("{}: holds no ranking: {}", file.string(), e.what()));
  }
  return content;
}

std::string ranking_table(const Plan& plan, const std::vector<Ranked>& ranking, size_t most) {
  std::string text = fmt::format("{:>4}  {:<10}", "rank", "run");
  for (const SweptParameter& p : plan.parameters) text += fmt::format("  {:>12}", p.name);
  text += fmt::format("  {:>8}  {:>30}  {:>9}\n", "solved", "interquartile mean return", "updates");
  for (size_t i = 0; i < std::min(most, ranking.size()); ++i) {
    const Ranked& r = ranking[i];
    const training::OutcomeStatistics& s = r.statistics;
    text += fmt::format("{:>4}  {:<10}", i + 1, trial_name(r.trial));
    for (const double value : plan.points[r.trial]) text += fmt::format("  {:>12.6g}", value);
    const auto& interval = s.interquartile_mean_interval;
    text += fmt::format(
        "  {:>8}  {:>30}  {:>9.0f}\n", fmt::format("{} of {}", s.solved, s.agents),
        fmt::format("{:.1f} ({:.1f} to {:.1f})", s.interquartile_mean, interval.low, interval.high),
        r.updates);
  }
  return text;
}

}  // namespace sac::sweep
