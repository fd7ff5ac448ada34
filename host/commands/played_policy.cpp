#include "host/commands/played_policy.h"

#include <fmt/format.h>

#include <utility>

#include "host/base/environments.h"
#include "host/base/usage_error.h"
#include "host/training/run_directory.h"

namespace sac::commands {
namespace {

int environment_for(const std::string& env, const std::string& file, const files::Policy& policy) {
  if (!env.empty()) return environment_index(env);
  if (policy.environment.empty()) {
    throw UsageError(fmt::format("{}: metadata env is missing: expected --env ID", file));
  }
  return environment_index(policy.environment, file + ": metadata env");
}

void require_fit(const PlayedPolicy& played) {
  const Shape& s = played.policy.shape;
  const env::EnvironmentInfo& env = played.task();
  const double max_action = played.policy.max_action.value_or(env.max_action);
  if (s.obs == env.obs && s.act == env.act && max_action == env.max_action) return;
  throw UsageError(fmt::format(
      "{}: made for obs {}, act {}, max_action {}, but {} has obs {}, act {}, max_action {}",
      played.file, s.obs, s.act, max_action, env.id, env.obs, env.act, env.max_action));
}

}  // namespace

const env::EnvironmentInfo& PlayedPolicy::task() const {
  return environment_info(environment);
}

PlayedPolicy read_played_policy(const std::string& run, const std::string& env,
                                bool mean_is_enough) {
  const std::string path = training::policy_file(run).string();
  files::SafetensorsFile file(path);
  files::Policy policy = files::read_policy(file, mean_is_enough);
  const int environment = environment_for(env, path, policy);
  PlayedPolicy played{path, std::move(policy), environment};
  require_fit(played);
  return played;
}

void warn_of_another_task(const PlayedPolicy& played) {
  const std::string& trained_for = played.policy.environment;
  if (trained_for.empty() || trained_for == played.task().id) return;
  fmt::print(stderr, "sac_cuda: warning: {} was trained for {}, not for {}\n", played.file,
             trained_for, played.task().id);
}

}  // namespace sac::commands
