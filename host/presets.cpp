#include "host/presets.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "host/usage_error.h"

namespace sac {
namespace {

// `fast`, per environment.
struct Tuned {
  std::string_view environment;
  double policy_lr, value_lr, tau, gamma, reward_scale;
  int64_t eval_every;
};

constexpr Tuned kTuned[] = {
    // environment                         policy  value   tau   gamma  scale  eval
    {"InvertedPendulumBulletEnv-v0", 1e-3, 1e-3, 0.05, 0.98, 20, 250},
    {"InvertedPendulumSwingupBulletEnv-v0", 1e-3, 1e-3, 0.05, 0.98, 20, 250},
    {"Pendulum-v1", 1e-3, 1e-3, 0.02, 0.99, 1, 250},
    {"InvertedPendulum-v5", 1e-3, 1e-3, 0.05, 0.98, 20, 250},
};

// More environments bring more transitions per vector step, and more gradient steps to learn them.
int fast_updates_per_step(int64_t envs) {
  const double per_64_environments = std::round(static_cast<double>(envs) / 64);
  return static_cast<int>(std::clamp(per_64_environments, 1.0, 64.0));
}

Preset article(int64_t envs) {
  return {.envs = envs,
          .hidden = 256,
          .batch = 256,
          .updates_per_step = 1,
          .replay_size = 1'000'000,
          .warmup = 1000,
          .policy_lr = 3e-4,
          .value_lr = 3e-4,
          .gamma = 0.99,
          .tau = 0.005,
          .reward_scale = 2,
          .eval_every = 1000};
}

Preset fast(std::string_view environment, int64_t envs) {
  Preset p = article(envs);
  p.updates_per_step = fast_updates_per_step(envs);
  p.warmup = std::max<int64_t>(1000, envs);
  const auto* tuned = std::find_if(std::begin(kTuned), std::end(kTuned),
                                   [&](const Tuned& t) { return t.environment == environment; });
  if (tuned == std::end(kTuned)) return p;  // not tuned yet: the article's values
  p.policy_lr = tuned->policy_lr;
  p.value_lr = tuned->value_lr;
  p.tau = tuned->tau;
  p.gamma = tuned->gamma;
  p.reward_scale = tuned->reward_scale;
  p.eval_every = tuned->eval_every;
  return p;
}

}  // namespace

Preset preset(std::string_view name, std::string_view environment, std::optional<int64_t> envs) {
  if (name == "fast") return fast(environment, envs.value_or(4096));
  if (name == "article") return article(envs.value_or(1));
  throw UsageError(fmt::format("--preset {}: expected fast or article", name));
}

std::string fast_preset_table() {
  std::string table = fmt::format("{:<36}{:>10}{:>10}{:>8}{:>8}{:>14}{:>12}\n", "", "policy-lr",
                                  "value-lr", "tau", "gamma", "reward-scale", "eval-every");
  for (const Tuned& t : kTuned) {
    table += fmt::format("{:<36}{:>10}{:>10}{:>8}{:>8}{:>14}{:>12}\n", t.environment, t.policy_lr,
                         t.value_lr, t.tau, t.gamma, t.reward_scale, t.eval_every);
  }
  return table;
}

}  // namespace sac
