#include "host/training/outcomes.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace sac::training {
namespace {

// Those that did not solve the task come after all that did.
template <class T>
std::optional<double> median_to_solve(std::span<const Outcome> outcomes,
                                      std::optional<T> Outcome::*cost) {
  std::vector<double> all;
  for (const Outcome& o : outcomes) {
    all.push_back(o.*cost ? static_cast<double>(*(o.*cost))
                          : std::numeric_limits<double>::infinity());
  }
  const double median = statistics::median(all);
  return std::isfinite(median) ? std::optional(median) : std::nullopt;
}

nlohmann::ordered_json number_or_null(double x) {
  return std::isfinite(x) ? nlohmann::ordered_json(x) : nlohmann::ordered_json();
}

nlohmann::ordered_json pair(const statistics::Interval& i) {
  return {number_or_null(i.low), number_or_null(i.high)};
}

}  // namespace

std::vector<Outcome> outcomes(const RunRecord& record) {
  std::vector<Outcome> all;
  for (const AgentRecord& agent : record.agents) {
    all.push_back(
        {agent.best.episodes > 0 ? agent.best.mean : std::numeric_limits<double>::quiet_NaN(),
         agent.seconds_to_solve, agent.updates_to_solve});
  }
  return all;
}

OutcomeStatistics compare(std::span<const Outcome> outcomes) {
  OutcomeStatistics s;
  std::vector<double> scores;
  for (const Outcome& o : outcomes) {
    ++s.agents;
    s.solved += o.seconds_to_solve ? 1 : 0;
    if (std::isfinite(o.score)) scores.push_back(o.score);
  }
  s.share = statistics::share_interval(s.solved, s.agents);
  s.interquartile_mean = statistics::interquartile_mean(scores);
  s.interquartile_mean_interval =
      statistics::bootstrap_interval(scores, statistics::interquartile_mean);
  s.median_seconds = median_to_solve(outcomes, &Outcome::seconds_to_solve);
  s.median_updates = median_to_solve(outcomes, &Outcome::updates_to_solve);
  return s;
}

std::string in_words(const OutcomeStatistics& s) {
  std::string text =
      fmt::format("{} of {} agents solved ({:.1f} %, 95 % interval {:.1f} to {:.1f})", s.solved,
                  s.agents, 100.0 * s.solved / s.agents, 100 * s.share.low, 100 * s.share.high);
  if (std::isfinite(s.interquartile_mean)) {
    text += fmt::format("; interquartile mean of their returns {:.1f} ({:.1f} to {:.1f})",
                        s.interquartile_mean, s.interquartile_mean_interval.low,
                        s.interquartile_mean_interval.high);
  }
  if (s.median_updates) {
    text += fmt::format("; median to solve {:.0f} updates, {:.1f} s", *s.median_updates,
                        *s.median_seconds);
  }
  return text;
}

nlohmann::ordered_json to_json(const OutcomeStatistics& s) {
  const auto optional = [](const std::optional<double>& x) {
    return x ? nlohmann::ordered_json(*x) : nlohmann::ordered_json();
  };
  return {{"agents", s.agents},
          {"solved", s.solved},
          {"solved_share", static_cast<double>(s.solved) / s.agents},
          {"solved_share_interval", pair(s.share)},
          {"return_iqm", number_or_null(s.interquartile_mean)},
          {"return_iqm_interval", pair(s.interquartile_mean_interval)},
          {"median_seconds_to_solve", optional(s.median_seconds)},
          {"median_updates_to_solve", optional(s.median_updates)}};
}

}  // namespace sac::training
