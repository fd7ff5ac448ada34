#include <fmt/ostream.h>

#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "host/base/usage_error.h"
#include "host/commands/commands.h"
#include "host/commands/played_policy.h"
#include "host/devices/devices.h"
#include "host/devices/processors.h"
#include "host/training/returns.h"

namespace sac::commands {
namespace {

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
  const PlayedPolicy played = read_played_policy(given.checkpoint, given.env, !given.stochastic);
  options.checkpoint = played.file;
  const files::Policy& policy = played.policy;
  const env::EnvironmentInfo& environment = played.task();
  LearnerConfig config;
  config.environment = played.environment;
  config.shape = policy.shape;
  config.max_action = environment.max_action;
  config.hyper.log_std = policy.log_std;
  config.batch = 1;
  config.envs = 1;
  config.replay_capacity = 1;
  config.threads = devices::usable_processors();
  const devices::DeviceChoice choice = choose_device(options, config);
  if (choice.instead_of) fmt::print(stderr, "sac_cuda: {}\n", choice.reason);
  const auto learner = devices::make_learner(choice.device, config);
  const std::vector<double> none(policy.parameters.size(), 0.0);  // moments
  learner->load(0, {policy.parameters, none, none, 0});
  warn_of_another_task(played);
  print(
      options, environment.id,
      training::summarise(learner->evaluate(
          {.episodes = options.episodes, .seed = options.seed, .sampled = options.stochastic})[0]));
}

}  // namespace sac::commands
