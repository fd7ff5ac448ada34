#include <fmt/ostream.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "host/base/environments.h"
#include "host/base/usage_error.h"
#include "host/commands/commands.h"
#include "host/devices/devices.h"
#include "host/devices/processors.h"
#include "host/files/checkpoint.h"
#include "host/training/returns.h"
#include "host/training/run_directory.h"

namespace sac::commands {
namespace {

/// Beside the results.
void say(const std::string& what) {
  fmt::print(stderr, "sac_cuda: {}\n", what);
}

int environment_for(const EvaluateOptions& options, const files::Policy& policy) {
  if (!options.env.empty()) return environment_index(options.env);
  if (policy.environment.empty()) {
    throw UsageError(
        fmt::format("{}: metadata env is missing: expected --env ID", options.checkpoint));
  }
  return environment_index(policy.environment, options.checkpoint + ": metadata env");
}

/// A policy that does not say its bound of actions is taken to have the environment's.
void require_fit(const std::string& file, const files::Policy& policy,
                 const env::EnvironmentInfo& env) {
  const Shape& s = policy.shape;
  const double max_action = policy.max_action.value_or(env.max_action);
  if (s.obs == env.obs && s.act == env.act && max_action == env.max_action) return;
  throw UsageError(fmt::format(
      "{}: made for obs {}, act {}, max_action {}, but {} has obs {}, act {}, max_action {}", file,
      s.obs, s.act, max_action, env.id, env.obs, env.act, env.max_action));
}

/// Sampled actions are the CPU's alone.
devices::DeviceChoice choose_device(const EvaluateOptions& options, LearnerConfig& config) {
  devices::Request request{.device = options.device};
  if (options.stochastic && request.device == "cuda") {
    throw UsageError("--stochastic: the GPU plays the mean action alone; use --device cpu");
  }
  if (options.stochastic && request.device == "auto") request.device = "cpu";
  return devices::choose(request, config);
}

void print(const EvaluateOptions& o, const std::string& environment, const training::Returns& r) {
  if (o.json) {
    const nlohmann::ordered_json content = {
        {"checkpoint", o.checkpoint},  {"env", environment},     {"seed", o.seed},
        {"stochastic", o.stochastic},  {"episodes", r.episodes}, {"return_mean", r.mean},
        {"return_std", r.std},         {"return_min", r.min},    {"return_max", r.max},
        {"length_mean", r.mean_length}};
    fmt::print(std::cout, "{}\n",
               content.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
    return;
  }
  fmt::print(
      std::cout,
      "{}: {} episodes{}, return {:.2f} +- {:.2f}, from {:.2f} to {:.2f}, mean length {:.1f}\n",
      environment, r.episodes, o.stochastic ? " with sampled actions" : "", r.mean, r.std, r.min,
      r.max, r.mean_length);
}

}  // namespace

void evaluate(const EvaluateOptions& given) {
  EvaluateOptions options = given;
  options.checkpoint = training::policy_file(given.checkpoint).string();
  files::SafetensorsFile file(options.checkpoint);
  const files::Policy policy = files::read_policy(file, !options.stochastic);
  LearnerConfig config;
  config.environment = environment_for(options, policy);
  const env::EnvironmentInfo& environment = environment_info(config.environment);
  require_fit(options.checkpoint, policy, environment);
  config.shape = policy.shape;
  config.max_action = environment.max_action;
  config.hyper.log_std = policy.log_std;
  config.batch = 1;
  config.envs = 1;
  config.replay_capacity = 1;
  config.threads = devices::usable_processors();
  const devices::DeviceChoice choice = choose_device(options, config);
  if (choice.instead_of) say(choice.reason);
  const auto learner = devices::make_learner(choice.device, config);
  const std::vector<double> none(policy.parameters.size(), 0.0);  // moments
  learner->load(0, {policy.parameters, none, none, 0});
  if (!policy.environment.empty() && policy.environment != environment.id) {
    say(fmt::format("warning: {} was trained for {}, not for {}", options.checkpoint,
                    policy.environment, environment.id));
  }
  print(
      options, environment.id,
      training::summarise(learner->evaluate(
          {.episodes = options.episodes, .seed = options.seed, .sampled = options.stochastic})[0]));
}

}  // namespace sac::commands
