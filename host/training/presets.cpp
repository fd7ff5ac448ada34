#include "host/training/presets.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "host/base/algorithms.h"
#include "host/base/usage_error.h"

namespace sac::training {
namespace {

// `fast`, per environment. docs/tuning.md says how the values were found.
struct Tuned {
  std::string_view environment;
  int64_t envs;  // where --envs is not given
  int batch;
  int64_t envs_per_update;  // one gradient step for so many environments
  double policy_lr, value_lr, tau, gamma;
  Algorithm algorithm;            // where --algorithm is not given: the quicker one
  double reward_scale, scale_v2;  // of sac-v1 and of sac-v2, which has the temperature besides
  int64_t eval_every;
  int64_t most_updates;  // some ten times what it takes
};

constexpr Algorithm v1 = Algorithm::sac_v1, v2 = Algorithm::sac_v2;

constexpr Tuned kTuned[] = {
    // environment                    envs batch e/u policy value  tau  gamma sac scale v2 eval most
    {"InvertedPendulumBulletEnv-v0", 4096, 128, 512, 1e-3, 1e-3, 0.1, 0.995, v1, 2, 1, 320, 40'000},
    {"InvertedPendulumSwingupBulletEnv-v0", 256, 128, 128, 1e-3, 1e-3, 0.02, 0.99, v2, 5, 1, 500,
     100'000},
    {"Pendulum-v1", 64, 64, 8, 2e-3, 2e-3, 0.02, 0.97, v2, 1, 1, 100, 30'000},
    {"InvertedPendulum-v5", 4096, 128, 512, 1e-3, 1e-3, 0.1, 0.995, v2, 2, 1, 320, 40'000},
    {"InvertedDoublePendulumBulletEnv-v0", 256, 128, 32, 2e-3, 2e-3, 0.05, 0.998, v1, 0.03, 0.1,
     500, 150'000},
    {"InvertedDoublePendulum-v5", 256, 128, 32, 2e-3, 2e-3, 0.05, 0.995, v2, 0.2, 0.1, 500, 40'000},
};

const Tuned* tuned_for(std::string_view environment) {
  const auto* tuned = std::ranges::find(kTuned, environment, &Tuned::environment);
  return tuned == std::end(kTuned) ? nullptr : tuned;
}

// More environments bring more transitions per vector step, and more gradient steps to learn them.
int fast_updates_per_step(int64_t envs, int64_t envs_per_update) {
  const double updates =
      std::round(static_cast<double>(envs) / static_cast<double>(envs_per_update));
  return static_cast<int>(std::clamp(updates, 1.0, 64.0));
}

Preset article(const PresetChoice& choice) {
  const Algorithm algorithm = choice.algorithm.value_or(Algorithm::sac_v1);
  return {.algorithm = algorithm,
          .envs = choice.envs.value_or(1),
          .hidden = 256,
          .batch = 256,
          .updates_per_step = 1,
          .replay_size = 1'000'000,
          .warmup = 1000,
          .policy_lr = 3e-4,
          .value_lr = 3e-4,
          .gamma = 0.99,
          .tau = 0.005,
          .reward_scale = algorithm == Algorithm::sac_v1 ? 2.0 : 1.0,
          .eval_every = 1000,
          .most_updates = {}};
}

Preset fast(std::string_view environment, const PresetChoice& choice) {
  const Tuned* tuned = tuned_for(environment);
  if (tuned == nullptr) return article(choice);  // not tuned yet
  Preset p =
      article({choice.algorithm.value_or(tuned->algorithm), choice.envs.value_or(tuned->envs)});
  p.batch = tuned->batch;
  p.updates_per_step = fast_updates_per_step(p.envs, tuned->envs_per_update);
  p.warmup = std::max<int64_t>(1000, p.envs);
  p.policy_lr = tuned->policy_lr;
  p.value_lr = tuned->value_lr;
  p.tau = tuned->tau;
  p.gamma = tuned->gamma;
  p.reward_scale = p.algorithm == Algorithm::sac_v1 ? tuned->reward_scale : tuned->scale_v2;
  p.eval_every = tuned->eval_every;
  p.most_updates = tuned->most_updates;
  return p;
}

}  // namespace

Preset preset(std::string_view name, std::string_view environment, const PresetChoice& choice) {
  if (name == "fast") return fast(environment, choice);
  if (name == "article") return article(choice);
  throw UsageError(fmt::format("--preset {}: expected fast or article", name));
}

std::string fast_preset_table() {
  constexpr const char* kRow =
      "{:<36}{:>6}{:>7}{:>13}{:>11}{:>10}{:>7}{:>7}{:>8}{:>7}{:>5}{:>6}{:>9}\n";
  std::string table =
      fmt::format(fmt::runtime(kRow), "", "envs", "batch", "envs/update", "policy-lr", "value-lr",
                  "tau", "gamma", "", "scale", "v2", "eval", "most");
  for (const Tuned& t : kTuned) {
    table += fmt::format(fmt::runtime(kRow), t.environment, t.envs, t.batch, t.envs_per_update,
                         t.policy_lr, t.value_lr, t.tau, t.gamma, algorithm_name(t.algorithm),
                         t.reward_scale, t.scale_v2, t.eval_every, t.most_updates);
  }
  return table;
}

}  // namespace sac::training
