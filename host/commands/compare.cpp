#include <fmt/format.h>
#include <fmt/ostream.h>

#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "host/commands/commands.h"
#include "host/training/finished_run.h"

namespace sac::commands {
namespace {

using training::OutcomeStatistics;
using training::RunGroup;

struct Row {
  const RunGroup& group;
  OutcomeStatistics statistics;
  statistics::Estimate improvement;  ///< over the first group of its environment
};

std::vector<Row> rows_of(const std::vector<RunGroup>& groups) {
  std::vector<Row> rows;
  for (const RunGroup& group : groups) {
    rows.push_back({group, training::compare(group.outcomes),
                    training::improvement(group, training::first_of_environment(groups, group))});
  }
  return rows;
}

std::string range(double low, double high, int digits) {
  return fmt::format("({:.{}f} to {:.{}f})", low, digits, high, digits);
}

void print_columns(const std::string& name, const std::string& solved, const std::string& mean,
                   const std::string& to_solve, const std::string& better) {
  fmt::print(std::cout, "{:<28}{:>18}{:>34}{:>24}{:>24}\n", name, solved, mean, to_solve, better);
}

void print(const std::vector<Row>& rows) {
  print_columns("", "solved", "interquartile mean return", "median to solve",
                "better than the first");
  std::string environment;
  for (const Row& row : rows) {
    const bool first = row.group.environment != environment;
    if (first) {
      environment = row.group.environment;
      std::cout << environment << '\n';
    }
    const OutcomeStatistics& s = row.statistics;
    const auto& mean = s.interquartile_mean_interval;
    const std::string to_solve =
        s.median_updates
            ? fmt::format("{:.3g} s, {:.0f} updates", *s.median_seconds, *s.median_updates)
            : "-";
    const statistics::Interval& improvement = row.improvement.interval;
    const std::string better = first ? "-"
                                     : fmt::format("{:.2f} {}", row.improvement.value,
                                                   range(improvement.low, improvement.high, 2));
    print_columns(
        "  " + (row.group.name.empty() ? "all runs" : row.group.name),
        fmt::format("{} of {} ({:.0f} %)", s.solved, s.agents, 100.0 * s.solved / s.agents),
        fmt::format("{:.1f} {}", s.interquartile_mean, range(mean.low, mean.high, 1)), to_solve,
        better);
  }
  std::cout << "Intervals: 95 %, of 10,000 bootstrap resamples. better than the first: the chance "
               "that one of\nthese agents returns more than one of the first group's.\n";
}

void print_json(const std::vector<Row>& rows) {
  auto all = nlohmann::ordered_json::array();
  for (const Row& row : rows) {
    nlohmann::ordered_json one = {{"env", row.group.environment}, {"name", row.group.name}};
    for (const training::FinishedRun* run : row.group.runs) {
      one["runs"].push_back(run->path.string());
    }
    one.update(to_json(row.statistics));
    one["probability_of_improvement"] = row.improvement.value;
    one["probability_of_improvement_interval"] = {row.improvement.interval.low,
                                                  row.improvement.interval.high};
    all.push_back(one);
  }
  std::cout << all.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << '\n';
}

}  // namespace

void compare(const CompareOptions& options) {
  std::vector<training::FinishedRun> runs;
  for (const std::string& run : options.runs) runs.push_back(training::read_finished_run(run));
  const std::vector<RunGroup> groups = training::grouped(runs);
  const std::vector<Row> rows = rows_of(groups);
  options.json ? print_json(rows) : print(rows);
}

}  // namespace sac::commands
