#include "host/report/report_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "host/base/environments.h"
#include "host/base/usage_error.h"
#include "host/play/scene.h"
#include "host/report/curves.h"
#include "host/report/metrics_table.h"
#include "host/training/run_directory.h"

namespace sac::report {
namespace {

using json = nlohmann::ordered_json;
using training::FinishedRun;
using training::RunGroup;

// How much of everything, in all: what keeps the page small whatever it shows.
constexpr size_t kNumbersOfAgents = 24'000, kFrames = 7'200;
constexpr size_t kMostPoints = 300, kLeastPoints = 8;
constexpr size_t kReturnPoints = 60, kHealthPoints = 40;
constexpr size_t kMostConfirmations = 12;
constexpr int kEpisodes = 3;

constexpr const char* kAxes[] = {"updates", "train_seconds", "env_steps"};
constexpr const char* kReturn = "eval_return_mean";
constexpr const char* kHealth[] = {"entropy",
                                   "saturated_actions",
                                   "log_std_at_bounds",
                                   "q_mean",
                                   "q_gap_mean",
                                   "v_residual_mean",
                                   "loss_v",
                                   "loss_pi",
                                   "loss_q1",
                                   "loss_q2",
                                   "alpha",
                                   "loss_alpha",
                                   "updates_per_second"};

/// Four digits of it, or null.
json number(double x) {
  if (!std::isfinite(x)) return nullptr;
  if (x == 0) return 0;
  const double scale = std::pow(10, 3 - std::floor(std::log10(std::abs(x))));
  const double rounded = std::round(x * scale) / scale;
  if (!std::isfinite(rounded)) return x;
  constexpr double kExact = 1e15;  // without a fraction: "12" is shorter than "12.0"
  const bool whole = rounded == std::floor(rounded) && std::abs(rounded) < kExact;
  return whole ? json(static_cast<int64_t>(rounded)) : json(rounded);
}

json numbers(const std::vector<double>& values) {
  json list = json::array();
  for (const double v : values) list.push_back(number(v));
  return list;
}

json numbers(const std::vector<double>& values, const std::vector<size_t>& places) {
  json list = json::array();
  for (const size_t i : places) list.push_back(number(values[i]));
  return list;
}

double number_in(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number() ? found->get<double>() : std::nan("");
}

json value_in(const json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? json() : *found;
}

json to_json(const Band& band) {
  return {{"x", numbers(band.x)},
          {"mean", numbers(band.mean)},
          {"low", numbers(band.low)},
          {"high", numbers(band.high)}};
}

std::vector<Curve> curves(const std::vector<Columns>& agents, const char* x, const char* y) {
  std::vector<Curve> all;
  for (const Columns& agent : agents) all.push_back({agent.at(x), agent.at(y)});
  return all;
}

/// The learning curve over one axis. Between agents is what the interval is about; of one agent
/// alone it is that of its evaluations' mean.
json return_band(const RunGroup& group, const std::vector<Columns>& agents, const char* axis) {
  Band mean =
      band(curves(agents, axis, kReturn), kReturnPoints, AfterEnd::keeps_last, mean_interval);
  if (agents.size() == 1) {
    const Band std =
        band(curves(agents, axis, "eval_return_std"), kReturnPoints, AfterEnd::keeps_last, range);
    const double episodes = number_in(group.runs[0]->summary, "eval_episodes");
    for (size_t i = 0; i < std::min(mean.x.size(), std.x.size()) && episodes > 0; ++i) {
      mean.low[i] -= kNormal * std.mean[i] / std::sqrt(episodes);
      mean.high[i] += kNormal * std.mean[i] / std::sqrt(episodes);
    }
  }
  return to_json(mean);
}

json agent_curve(const Columns& agent, size_t most) {
  const std::vector<double>& confirmed = agent.at("confirm_return_mean");
  std::vector<size_t> all;
  for (size_t i = 0; i < confirmed.size(); ++i) {
    if (std::isfinite(confirmed[i])) all.push_back(i);
  }
  std::vector<size_t> shown;
  for (const size_t i : thinned(all.size(), kMostConfirmations)) shown.push_back(all[i]);
  const std::vector<size_t> places = thinned(confirmed.size(), most);
  json curve = {{"return", numbers(agent.at(kReturn), places)},
                {"confirmed", {{"return", numbers(confirmed, shown)}}}};
  for (const char* axis : kAxes) {
    curve[axis] = numbers(agent.at(axis), places);
    curve["confirmed"][axis] = numbers(agent.at(axis), shown);
  }
  return curve;
}

json run_data(const FinishedRun& run) {
  json data = {{"path", run.path.string()},
               {"seed", value_in(run.config, "seed")},
               {"device_description", value_in(run.config, "device_description")},
               {"commit", value_in(value_in(run.config, "provenance"), "commit")}};
  for (const char* key :
       {"agents", "device", "stop_reason", "env_steps", "updates", "train_seconds", "wall_seconds",
        "env_steps_per_second", "updates_per_second"}) {
    data[key] = value_in(run.summary, key);
  }
  data["agent_results"] = json::array();
  for (const json& agent : run.summary.at("agent_results")) data["agent_results"].push_back(agent);
  return data;
}

json to_json(const PlayedEpisode& e) {
  return {{"stride", e.stride},          {"steps", e.steps},
          {"terminated", e.terminated},  {"x", numbers(e.x)},
          {"theta", numbers(e.theta)},   {"theta_dot", numbers(e.theta_dot)},
          {"theta2", numbers(e.theta2)}, {"action", numbers(e.action)},
          {"reward", numbers(e.reward)}};
}

json policy_data(const SeenPolicy& seen, size_t frames) {
  const PolicyView view = look_at(seen, kEpisodes, frames);
  const env::EnvironmentInfo& task = environment_info(seen.environment);
  json episodes = json::array();
  for (const PlayedEpisode& episode : view.episodes) episodes.push_back(to_json(episode));
  return {{"file", seen.file},
          {"step_seconds", task.step_seconds},
          {"max_action", task.max_action},
          {"rightwards", play::rightwards(task)},
          {"episodes", episodes},
          {"maps",
           {{"side", view.maps.side},
            {"theta_reach", number(view.maps.theta_reach)},
            {"theta_dot_reach", number(view.maps.theta_dot_reach)},
            {"action", numbers(view.maps.action)},
            {"value", numbers(view.maps.value)}}}};
}

/// A run that has been resumed has the summary of its last end, until it ends again.
void require_ended(const FinishedRun& run, const std::vector<Columns>& agents) {
  const double end = number_in(run.summary, "updates");
  for (const Columns& agent : agents) {
    const std::vector<double>& updates = agent.at("updates");
    if (updates.empty() || !(updates.back() > end)) continue;
    throw UsageError(fmt::format("{}: the run goes on: {} is ahead of {}", run.path.string(),
                                 training::kMetricsFile, training::kSummaryFile));
  }
}

json group_data(const RunGroup& group, size_t points) {
  std::vector<Columns> agents;
  json runs = json::array(), agent_curves = json::array();
  for (const FinishedRun* run : group.runs) {
    runs.push_back(run_data(*run));
    std::vector<Columns> of_run =
        read_metrics(run->path / training::kMetricsFile, run->outcomes.size());
    require_ended(*run, of_run);
    for (Columns& agent : of_run) {
      agent_curves.push_back(agent_curve(agent, points));
      agents.push_back(std::move(agent));
    }
  }
  json data = {{"env", group.environment},
               {"name", group.name},
               {"target", number(number_in(group.runs[0]->config, "target_return"))},
               {"result", training::to_json(training::compare(group.outcomes))},
               {"config", group.runs[0]->config},
               {"runs", runs},
               {"agents", agent_curves}};
  for (const char* axis : kAxes) data["returns"][axis] = return_band(group, agents, axis);
  for (const char* column : kHealth) {
    data["health"][column] =
        to_json(band(curves(agents, "updates", column), kHealthPoints, AfterEnd::leaves, range));
  }
  return data;
}

/// Over the first group of the environment; null for that one.
json improvement_data(const std::vector<RunGroup>& groups, const RunGroup& group) {
  const RunGroup& first = training::first_of_environment(groups, group);
  if (&first == &group) return nullptr;
  const statistics::Estimate chance = training::improvement(group, first);
  return {{"value", number(chance.value)},
          {"interval", numbers({chance.interval.low, chance.interval.high})}};
}

}  // namespace

json report_data(const std::vector<RunGroup>& groups, const std::vector<SeenPolicy>& policies) {
  size_t agents = 0;
  for (const RunGroup& group : groups) agents += group.outcomes.size();
  constexpr size_t kLists = 1 + std::size(kAxes);
  const size_t points = std::clamp(kNumbersOfAgents / (kLists * agents), kLeastPoints, kMostPoints);
  json all = json::array();
  for (size_t g = 0; g < groups.size(); ++g) {
    all.push_back(group_data(groups[g], points));
    all[g]["improvement"] = improvement_data(groups, groups[g]);
    if (g < policies.size()) {
      all[g]["policy"] = policy_data(policies[g], kFrames / (kEpisodes * policies.size()));
    }
  }
  return {{"version", SAC_VERSION}, {"groups", all}};
}

}  // namespace sac::report
