#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "host/base/environments.h"
#include "host/base/usage_error.h"
#include "host/commands/commands.h"
#include "host/devices/devices.h"
#include "host/files/checkpoint.h"
#include "host/training/returns.h"
#include "host/training/run_directory.h"

namespace sac::commands {
namespace {

void require_fit(const std::string& file, const LearnerConfig& c, const env::EnvironmentInfo& env) {
  if (c.shape.obs == env.obs && c.shape.act == env.act && c.max_action == env.max_action) return;
  throw UsageError(fmt::format(
      "{}: made for obs {}, act {}, max_action {}, but {} has obs {}, act {}, max_action {}", file,
      c.shape.obs, c.shape.act, c.max_action, env.id, env.obs, env.act, env.max_action));
}

void print(const EvaluateOptions& o, const std::string& environment, const training::Returns& r) {
  if (o.json) {
    const nlohmann::ordered_json content = {
        {"checkpoint", o.checkpoint}, {"env", environment},    {"seed", o.seed},
        {"episodes", r.episodes},     {"return_mean", r.mean}, {"return_std", r.std},
        {"return_min", r.min},        {"return_max", r.max},   {"length_mean", r.mean_length}};
    fmt::print("{}\n",
               content.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
    return;
  }
  fmt::print(
      "{}: {} episodes, return {:.2f} +- {:.2f}, from {:.2f} to {:.2f}, mean length {:.1f}\n",
      environment, r.episodes, r.mean, r.std, r.min, r.max, r.mean_length);
}

}  // namespace

void evaluate(const EvaluateOptions& given) {
  EvaluateOptions options = given;
  options.checkpoint = training::policy_file(given.checkpoint).string();
  files::SafetensorsFile file(options.checkpoint);
  files::Checkpoint checkpoint = files::read_checkpoint(file);
  const std::string environment = options.env.empty() ? checkpoint.environment : options.env;
  if (environment.empty()) {
    throw UsageError(
        fmt::format("{}: metadata environment is missing: expected --env ID", options.checkpoint));
  }
  LearnerConfig& config = checkpoint.config;
  config.environment = environment_index(
      environment, options.env.empty() ? options.checkpoint + ": metadata environment" : "--env");
  require_fit(options.checkpoint, config, environment_info(config.environment));
  config.batch = 1;
  config.envs = 1;
  config.replay_capacity = 1;
  config.threads = static_cast<int>(std::thread::hardware_concurrency());
  const auto learner = devices::make_learner(devices::choose_device(options.device).device, config);
  learner->load(0, checkpoint.state);
  print(options, environment,
        training::summarise(learner->evaluate(options.episodes, options.seed)));
}

}  // namespace sac::commands
