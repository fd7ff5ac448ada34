#include "host/sweep/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <nlohmann/json.hpp>

#include "host/base/environments.h"
#include "host/base/limits.h"
#include "host/base/usage_error.h"
#include "host/training/run_directory.h"

namespace sac::sweep {
namespace {

using json = nlohmann::ordered_json;
using training::TrainConfig;
using training::TrainOptions;

constexpr int kFormat = 1;
constexpr int kMostHalvings = 4;  // the first one after a sixteenth of the limit

TrainOptions options_of(const Plan& plan, int trial) {
  TrainOptions options = plan.train;
  for (size_t i = 0; i < plan.parameters.size(); ++i) {
    swept_option(options, plan.parameters[i].name) = plan.points[trial][i];
  }
  options.seed = *options.seed + static_cast<uint64_t>(trial) * plan.seeds;
  return options;
}

// Steps between evaluations, which come after whole cycles.
int64_t evaluation_period(const TrainConfig& config) {
  const int64_t per_step = config.learner.updates_per_step;
  return (config.eval_every + per_step - 1) / per_step * per_step;
}

// Each at an evaluation, so that a trial that goes on beyond it has the bits of one that never
// stopped there.
std::vector<int64_t> rungs_of(const TrainConfig& config, int trials) {
  const std::optional<int64_t> limit = training::update_limit(config);
  if (!limit) throw UsageError("--halving: needs --updates, a limit of which to train a half");
  if (trials < 2) throw UsageError("--halving: one trial has no worse half");
  const int halvings =
      std::min<int>(kMostHalvings, std::bit_width(static_cast<unsigned>(trials)) - 1);
  const int64_t period = evaluation_period(config);
  std::vector<int64_t> rungs;
  for (int h = halvings; h > 0; --h) {
    const int64_t rung = ((*limit >> h) + period - 1) / period * period;
    if (rung > 0 && rung < *limit && (rungs.empty() || rung > rungs.back())) rungs.push_back(rung);
  }
  if (rungs.empty()) {
    throw UsageError(
        fmt::format("--halving: {} updates have no evaluation before the end; expected "
                    "more than {}",
                    *limit, period));
  }
  rungs.push_back(*limit);
  return rungs;
}

}  // namespace

Plan make_plan(const SweepOptions& options) {
  if (options.train.agents && *options.train.agents < options.seeds) {
    throw UsageError(
        fmt::format("--agents {}: expected at least {}, the agents of a trial (--seeds)",
                    *options.train.agents, options.seeds));
  }
  Plan plan;
  Points points =
      choose_points(options.points, options.set, options.trials, options.train.seed.value_or(0));
  plan.parameters = std::move(points.parameters);
  plan.points = std::move(points.points);
  plan.seeds = options.seeds;
  plan.launch_agents = options.train.agents;
  plan.train = options.train;
  plan.train.seed = options.train.seed.value_or(0);
  plan.train.agents = options.seeds;
  for (const SweptParameter& p : plan.parameters) {
    if (!swept_option(plan.train, p.name)) continue;
    throw UsageError(fmt::format("--set {}: the option has a value of its own", p.name));
  }
  const TrainConfig config = training::resolve(options_of(plan, 0));
  // All trials compute alike: what is automatic is decided here.
  plan.train.device = devices::device_name(config.device.device);
  plan.train.precision = precision_name(config.learner.precision);
  if (!config.steps && !training::update_limit(config)) {
    throw UsageError("--keep-going: a sweep ends by --updates or --steps");
  }
  if (options.halving) plan.rungs = rungs_of(config, plan.trials());
  plan.directory =
      options.train.out.empty()
          ? fmt::format("runs/sweep-{}-{}", environment_info(config.learner.environment).id,
                        *plan.train.seed)
          : options.train.out;
  return plan;
}

std::string trial_name(int trial) {
  return fmt::format("trial-{:04}", trial);
}

TrainConfig trial_config(const Plan& plan, int trial, size_t rung) {
  TrainOptions options = options_of(plan, trial);
  if (!plan.rungs.empty()) options.updates = plan.rungs[rung];
  options.out = (plan.directory / trial_name(trial)).string();
  TrainConfig config = training::resolve(options);
  std::error_code error;
  if (std::filesystem::exists(config.out / training::kConfigFile, error)) {
    config.resumed = config.out;
  }
  return config;
}

int most_trials(const Plan& plan, double share) {
  TrainConfig config = trial_config(plan, 0, 0);
  const int agents =
      std::min(plan.launch_agents.value_or(allowed::agents.high), allowed::agents.high);
  int least = 1, most = std::max(1, std::min(plan.trials(), agents / plan.seeds));
  while (least < most) {
    const int middle = least + (most - least + 1) / 2;
    config.learner.agents = middle * plan.seeds;
    if (training::memory_share(config) <= share) {
      least = middle;
    } else {
      most = middle - 1;
    }
  }
  return least;
}

json to_json(const Plan& plan) {
  json parameters = json::array();
  for (const SweptParameter& p : plan.parameters) parameters.push_back(p.name);
  json config =
      training::to_json(trial_config(plan, 0, plan.rungs.empty() ? 0 : plan.rungs.size() - 1));
  for (const char* key : {"version", "threads", "save_every"}) config.erase(key);
  return {{"format", kFormat},   {"parameters", parameters}, {"points", plan.points},
          {"seeds", plan.seeds}, {"rungs", plan.rungs},      {"first_trial", config}};
}

}  // namespace sac::sweep
