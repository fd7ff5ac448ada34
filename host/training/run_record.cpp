#include "host/training/run_record.h"

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

json optional_number(const std::optional<double>& value) {
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

Returns returns_from(const json& list) {
  return {static_cast<int>(count(list.at(0))),
          number(list.at(1)),
          number(list.at(2)),
          number(list.at(3)),
          number(list.at(4)),
          number(list.at(5))};
}

json list(const Losses& l) {
  return {number(l.v), number(l.pi), number(l.q1), number(l.q2)};
}

Losses losses_from(const json& list) {
  return {number(list.at(0)), number(list.at(1)), number(list.at(2)), number(list.at(3))};
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

nlohmann::ordered_json to_json(const RunRecord& r) {
  json agents = json::array();
  for (const AgentRecord& agent : r.agents) {
    agents.push_back({{"returns", list(agent.returns)},
                      {"losses", list(agent.losses)},
                      {"seconds_to_solve", optional_number(agent.seconds_to_solve)},
                      {"best", optional_number(agent.best)}});
  }
  return {{"env_steps", r.env_steps},
          {"updates", r.updates},
          {"evaluations", r.evaluations},
          {"evaluated_updates", r.evaluated_updates},
          {"train_seconds", r.train_seconds},
          {"wall_seconds", r.wall_seconds},
          {"agents", agents},
          {"returns", list(r.returns)},
          {"seconds_to_solve", optional_number(r.seconds_to_solve)},
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
  for (const auto& agent : json.at("agents")) {
    r.agents.push_back({returns_from(agent.at("returns")), losses_from(agent.at("losses")),
                        optional_number(agent.at("seconds_to_solve")),
                        optional_number(agent.at("best"))});
  }
  r.returns = returns_from(json.at("returns"));
  r.seconds_to_solve = optional_number(json.at("seconds_to_solve"));
  r.failures = json.at("failures").get<std::vector<std::string>>();
  return r;
}

}  // namespace sac::training
