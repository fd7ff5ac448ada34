#include "host/training/run_record.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace sac::training {
namespace {

using json = nlohmann::ordered_json;

// JSON knows no NaN and no infinity.
json number(double value) {
  return std::isfinite(value) ? json(value) : json();
}

double number(const json& value) {
  return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
}

template <class T>
json optional_number(const std::optional<T>& value) {
  return value ? json(*value) : json();
}

std::optional<double> optional_number(const json& value) {
  return value.is_null() ? std::nullopt : std::optional(value.get<double>());
}

// A count; JSON's own conversion takes 1e300 for one too, with whatever result.
int64_t count(const json& value) {
  return value.get_ref<const json::number_integer_t&>();
}

json list(const Returns& r) {
  return {r.episodes,    number(r.mean), number(r.std),
          number(r.min), number(r.max),  number(r.mean_length)};
}

json optional_list(const std::optional<Returns>& returns) {
  return returns ? list(*returns) : json();
}

Returns returns_from(const json& list) {
  return {static_cast<int>(count(list.at(0))),
          number(list.at(1)),
          number(list.at(2)),
          number(list.at(3)),
          number(list.at(4)),
          number(list.at(5))};
}

json list(const Losses& l) {
  return {number(l.v), number(l.pi), number(l.q1), number(l.q2), number(l.alpha)};
}

Losses losses_from(const json& list) {
  return {number(list.at(0)), number(list.at(1)), number(list.at(2)), number(list.at(3)),
          number(list.at(4))};
}

json list(const diagnostics::Diagnostics& d) {
  return {number(d.entropy),
          number(d.saturated_actions),
          number(d.log_std_at_bounds),
          number(d.q),
          number(d.q_gap),
          number(d.v_residual),
          number(d.alpha)};
}

diagnostics::Diagnostics diagnostics_from(const json& list) {
  return {number(list.at(0)), number(list.at(1)), number(list.at(2)), number(list.at(3)),
          number(list.at(4)), number(list.at(5)), number(list.at(6))};
}

}  // namespace

const char* stop_reason_name(StopReason reason) {
  switch (reason) {
    case StopReason::none:
      return "none";
    case StopReason::solved:
      return "solved";
    case StopReason::steps:
      return "steps";
    case StopReason::updates:
      return "updates";
    case StopReason::time_limit:
      return "time_limit";
    case StopReason::interrupted:
      return "interrupted";
    case StopReason::diverged:
      return "diverged";
  }
  return "none";
}

std::optional<double> RunRecord::seconds_to_solve() const {
  std::optional<double> last;
  for (size_t p = 0; p < agents.size(); ++p) {
    if (failed(p)) continue;
    if (!agents[p].solved()) return std::nullopt;
    last = std::max(last.value_or(0), *agents[p].seconds_to_solve);
  }
  return last;
}

StopReason RunRecord::all_ended() const {
  StopReason reason = StopReason::solved;
  for (size_t p = 0; p < agents.size(); ++p) {
    if (learns(p)) return StopReason::none;
    if (failed(p)) reason = StopReason::diverged;
  }
  return reason;
}

double RunRecord::replay_fill(const LearnerConfig& config) const {
  return static_cast<double>(std::min(env_steps, config.replay_capacity)) /
         static_cast<double>(config.replay_capacity);
}

void summarise_latest(RunRecord& record, double target_return) {
  std::vector<Returns> latest;
  record.at_threshold = true;
  for (size_t p = 0; p < record.agents.size(); ++p) {
    const Returns& returns = record.agents[p].returns;
    latest.push_back(returns);
    if (!record.failed(p) && returns.mean < target_return) record.at_threshold = false;
  }
  record.returns = pooled(latest);
}

nlohmann::ordered_json to_json(const RunRecord& r) {
  json agents = json::array();
  for (const AgentRecord& agent : r.agents) {
    agents.push_back({{"evaluated_updates", agent.evaluated_updates},
                      {"returns", list(agent.returns)},
                      {"confirmation", optional_list(agent.confirmation)},
                      {"diagnostics", list(agent.diagnostics)},
                      {"losses", list(agent.losses)},
                      {"training_return", optional_number(agent.training_return)},
                      {"best", list(agent.best)},
                      {"seconds_to_solve", optional_number(agent.seconds_to_solve)},
                      {"updates_to_solve", optional_number(agent.updates_to_solve)},
                      {"retired", agent.retired}});
  }
  return {{"env_steps", r.env_steps},
          {"updates", r.updates},
          {"evaluations", r.evaluations},
          {"evaluated_updates", r.evaluated_updates},
          {"train_seconds", r.train_seconds},
          {"wall_seconds", r.wall_seconds},
          {"agents", agents},
          {"returns", list(r.returns)},
          {"at_threshold", r.at_threshold},
          {"failures", r.failures}};
}

RunRecord run_record_from(const nlohmann::ordered_json& json) {
  RunRecord r;
  r.env_steps = count(json.at("env_steps"));
  r.updates = count(json.at("updates"));
  r.evaluations = count(json.at("evaluations"));
  r.evaluated_updates = count(json.at("evaluated_updates"));
  r.train_seconds = json.at("train_seconds");
  r.wall_seconds = json.at("wall_seconds");
  for (const auto& from : json.at("agents")) {
    AgentRecord& agent = r.agents.emplace_back();
    agent.evaluated_updates = count(from.at("evaluated_updates"));
    agent.returns = returns_from(from.at("returns"));
    const auto& confirmation = from.at("confirmation");
    if (!confirmation.is_null()) agent.confirmation = returns_from(confirmation);
    agent.diagnostics = diagnostics_from(from.at("diagnostics"));
    agent.losses = losses_from(from.at("losses"));
    agent.training_return = optional_number(from.at("training_return"));
    agent.best = returns_from(from.at("best"));
    agent.seconds_to_solve = optional_number(from.at("seconds_to_solve"));
    const auto& updates = from.at("updates_to_solve");
    if (!updates.is_null()) agent.updates_to_solve = count(updates);
    agent.retired = from.at("retired");
  }
  r.returns = returns_from(json.at("returns"));
  r.at_threshold = json.at("at_threshold");
  r.failures = json.at("failures").get<std::vector<std::string>>();
  return r;
}

}  // namespace sac::training
