#include "host/training/metrics.h"

#include <fmt/format.h>

#include <vector>

namespace sac::training {
namespace {

using E = const Evaluated&;
using Value = std::optional<double>;

double count(int64_t n) {
  return static_cast<double>(n);
}

Value of(Algorithm algorithm, E e, double value) {
  return e.algorithm == algorithm ? Value(value) : std::nullopt;
}

// What comes from a clock has "second" in its name, and differs between two equal runs.
constexpr Metric kLogged[] = {
    {"agent", "", [](E e) -> Value { return count(e.number); }},
    {"env_steps", "time/total_timesteps", [](E e) -> Value { return count(e.record.env_steps); }},
    {"updates", "train/n_updates", [](E e) -> Value { return count(e.record.updates); }},
    {"train_seconds", "time/train_seconds", [](E e) -> Value { return e.record.train_seconds; }},
    {"wall_seconds", "time/time_elapsed", [](E e) -> Value { return e.record.wall_seconds; }},
    {"env_steps_per_second", "time/fps",
     [](E e) -> Value { return e.record.env_steps_per_second(); }},
    {"updates_per_second", "time/updates_per_second",
     [](E e) -> Value { return e.record.updates_per_second(); }},
    {"eval_return_mean", "eval/mean_reward", [](E e) -> Value { return e.agent.returns.mean; }},
    {"eval_return_std", "eval/std_reward", [](E e) -> Value { return e.agent.returns.std; }},
    {"eval_return_min", "eval/min_reward", [](E e) -> Value { return e.agent.returns.min; }},
    {"eval_return_max", "eval/max_reward", [](E e) -> Value { return e.agent.returns.max; }},
    {"eval_length_mean", "eval/mean_ep_length",
     [](E e) -> Value { return e.agent.returns.mean_length; }},
    {"confirm_return_mean", "eval/confirmed_mean_reward",
     [](E e) -> Value {
       return e.agent.confirmation ? Value(e.agent.confirmation->mean) : std::nullopt;
     }},
    {"loss_v", "train/value_loss", [](E e) { return of(Algorithm::sac_v1, e, e.agent.losses.v); }},
    {"loss_pi", "train/actor_loss", [](E e) -> Value { return e.agent.losses.pi; }},
    {"loss_q1", "train/q1_loss", [](E e) -> Value { return e.agent.losses.q1; }},
    {"loss_q2", "train/q2_loss", [](E e) -> Value { return e.agent.losses.q2; }},
    // Half a mean square each, whose sum is what Stable-Baselines3 calls so.
    {"", "train/critic_loss", [](E e) -> Value { return e.agent.losses.q1 + e.agent.losses.q2; }},
    {"entropy", "train/entropy", [](E e) -> Value { return e.agent.diagnostics.entropy; }},
    {"saturated_actions", "train/saturated_actions",
     [](E e) -> Value { return e.agent.diagnostics.saturated_actions; }},
    {"log_std_at_bounds", "train/log_std_at_bounds",
     [](E e) -> Value { return e.agent.diagnostics.log_std_at_bounds; }},
    {"q_mean", "train/q_mean", [](E e) -> Value { return e.agent.diagnostics.q; }},
    {"q_gap_mean", "train/q_gap_mean", [](E e) -> Value { return e.agent.diagnostics.q_gap; }},
    {"v_residual_mean", "train/v_residual_mean",
     [](E e) { return of(Algorithm::sac_v1, e, e.agent.diagnostics.v_residual); }},
    {"replay_fill", "rollout/replay_fill", [](E e) -> Value { return e.replay_fill; }},
    {"training_return_mean", "rollout/ep_rew_mean",
     [](E e) -> Value { return e.agent.training_return; }},
    {"alpha", "train/ent_coef",
     [](E e) { return of(Algorithm::sac_v2, e, e.agent.diagnostics.alpha); }},
    {"loss_alpha", "train/ent_coef_loss",
     [](E e) { return of(Algorithm::sac_v2, e, e.agent.losses.alpha); }},
};

}  // namespace

std::span<const Metric> metrics() {
  return kLogged;
}

std::string metrics_header() {
  std::vector<std::string> names;
  for (const Metric& metric : kLogged) {
    if (*metric.column != '\0') names.emplace_back(metric.column);
  }
  return fmt::format("{}\n", fmt::join(names, ","));
}

std::string metrics_row(const Evaluated& evaluated) {
  std::vector<std::string> cells;
  for (const Metric& metric : kLogged) {
    if (*metric.column == '\0') continue;
    const Value value = metric.value(evaluated);
    cells.push_back(value ? fmt::format("{}", *value) : "");
  }
  return fmt::format("{}\n", fmt::join(cells, ","));
}

}  // namespace sac::training
