#include "host/training/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "host/base/algorithms.h"
#include "host/base/environments.h"
#include "host/base/snapshot.h"
#include "host/base/usage_error.h"
#include "host/devices/memory.h"
#include "host/devices/processors.h"
#include "host/files/format_version.h"
#include "host/ranks/ranks.h"
#include "host/training/presets.h"
#include "kernels/env/registry.h"
#include "kernels/layout.h"

namespace sac::training {
namespace {

double replay_ratio(int updates_per_step, int batch, int64_t envs) {
  return static_cast<double>(updates_per_step) * batch / static_cast<double>(envs);
}

// Bytes that a run needs in one of the machine's memories, and what there is.
struct MemoryNeed {
  double bytes;
  devices::Memory memory;
  double share() const { return bytes / memory.bytes; }
};

// A saved state is copied in the host's memory before it is written.
std::vector<MemoryNeed> memory_needs(const TrainConfig& config) {
  const double state = state_bytes(config.learner);
  const double learner = devices::memory_need(config.device.device, config.learner);
  const devices::Memory host = devices::available_memory(devices::Device::cpu);
  if (config.device.device == devices::Device::cpu) return {{learner + state, host}};
  return {{learner, devices::available_memory(devices::Device::cuda)}, {state, host}};
}

void require_memory(const TrainConfig& config) {
  constexpr double kGigabyte = 1e9;
  const LearnerConfig& c = config.learner;
  for (const MemoryNeed& need : memory_needs(config)) {
    if (need.share() <= 1) continue;
    throw UsageError(fmt::format(
        "too large for memory: --envs {} --agents {} --replay-size {} --hidden {} --batch {} need "
        "{:.1f} GB, {}",
        c.envs, c.agents, c.replay_capacity, c.shape.hidden, c.batch, need.bytes / kGigabyte,
        need.memory.line));
  }
}

/// A fixed temperature is one that learns at rate 0.
void resolve_temperature(const TrainOptions& o, LearnerConfig& learner) {
  if (learner.shape.algorithm == Algorithm::sac_v1) {
    for (const auto& [name, given] :
         {std::pair{"--alpha", o.alpha}, {"--target-entropy", o.target_entropy}}) {
      if (!given) continue;
      throw UsageError(
          fmt::format("{} {}: sac-v1 has no temperature, --reward-scale stands for it; expected "
                      "--algorithm sac-v2 with it",
                      name, *given));
    }
    return;
  }
  if (o.alpha && o.target_entropy) {
    throw UsageError(
        fmt::format("--target-entropy {}: --alpha {} is not learned; expected one of the two",
                    *o.target_entropy, *o.alpha));
  }
  learner.alpha = o.alpha.value_or(1);
  learner.hyper.alpha_lr = o.alpha ? 0 : learner.hyper.policy_lr;
  learner.hyper.target_entropy = o.target_entropy.value_or(-learner.shape.act);
}

void check(const TrainConfig& config) {
  const LearnerConfig& c = config.learner;
  if (c.envs > c.replay_capacity) {
    throw UsageError(
        fmt::format("--envs {}: more than --replay-size {} can hold", c.envs, c.replay_capacity));
  }
  if (c.batch > c.replay_capacity) {
    throw UsageError(
        fmt::format("--batch {}: more than --replay-size {} can hold", c.batch, c.replay_capacity));
  }
  if (config.warmup > c.replay_capacity) {  // the first of it would be gone before any is learned
    throw UsageError(fmt::format("--warmup {}: more than --replay-size {} can hold", config.warmup,
                                 c.replay_capacity));
  }
  const int64_t before_training = warmup_vector_steps(config) * c.envs;
  if (config.steps && *config.steps <= before_training) {
    throw UsageError(fmt::format(
        "--steps {}: the warm-up takes {} (--warmup {}, --batch {}, --envs {}); expected "
        "more, or nothing is learned",
        *config.steps, before_training, config.warmup, c.batch, c.envs));
  }
  require_memory(config);
}

}  // namespace

TrainConfig resolve(const TrainOptions& o) {
  TrainConfig config;
  LearnerConfig& learner = config.learner;
  learner.environment = o.env ? environment_index(*o.env) : 0;
  const env::EnvironmentInfo& info = environment_info(learner.environment);
  config.preset = o.preset.value_or("fast");
  const auto algorithm = o.algorithm ? std::optional(algorithm_named(*o.algorithm)) : std::nullopt;
  const Preset p = preset(config.preset, info.id, {algorithm, o.envs});

  learner.shape = {info.obs, info.act, o.hidden.value_or(p.hidden), p.algorithm};
  learner.max_action = info.max_action;
  learner.batch = o.batch.value_or(p.batch);
  learner.envs = p.envs;
  learner.agents = o.agents.value_or(1);
  learner.updates_per_step = o.updates_per_step.value_or(p.updates_per_step);
  learner.replay_capacity = o.replay_size.value_or(p.replay_size);
  learner.seed = o.seed.value_or(0);
  learner.threads = o.threads.value_or(devices::usable_processors());
  learner.ranks = o.ranks;
  learner.hyper.gamma = o.gamma.value_or(p.gamma);
  learner.hyper.tau = o.tau.value_or(p.tau);
  learner.hyper.reward_scale = o.reward_scale.value_or(p.reward_scale);
  learner.hyper.policy_lr = o.policy_lr.value_or(p.policy_lr);
  learner.hyper.value_lr = o.value_lr.value_or(p.value_lr);
  learner.hyper.q_lr = learner.hyper.value_lr;
  resolve_temperature(o, learner);

  config.device = devices::choose(
      {o.device.value_or("auto"), o.precision.value_or("auto"), o.mlp.value_or("fused")}, learner);
  config.warmup = o.warmup.value_or(std::min(p.warmup, learner.replay_capacity));
  config.eval_every = o.eval_every.value_or(p.eval_every);
  config.eval_episodes = o.eval_episodes.value_or(info.solved_episodes);
  config.target_return = o.target_return.value_or(info.solved_at);
  config.steps = o.steps;
  config.updates = o.updates;
  config.time_limit = o.time_limit;
  if (!o.steps && !o.updates && !o.time_limit && !o.keep_going)
    config.most_updates = p.most_updates;
  config.save_every = o.save_every.value_or(config.save_every);
  config.keep_going = o.keep_going;
  config.quiet = o.quiet;
  config.out = o.out;
  check(config);
  return config;
}

double memory_share(const TrainConfig& config) {
  double largest = 0;
  for (const MemoryNeed& need : memory_needs(config)) largest = std::max(largest, need.share());
  return largest;
}

std::optional<int64_t> update_limit(const TrainConfig& config) {
  return config.updates ? config.updates : config.most_updates;
}

int64_t warmup_vector_steps(const TrainConfig& config) {
  const int64_t transitions = std::max<int64_t>(config.warmup, config.learner.batch);
  return (transitions + config.learner.envs - 1) / config.learner.envs;
}

double replay_ratio(const LearnerConfig& c) {
  return replay_ratio(c.updates_per_step, c.batch, c.envs);
}

bool leaves_more_unlearned_than_its_preset(const TrainConfig& config) {
  const LearnerConfig& c = config.learner;
  const Preset usual =
      preset(config.preset, environment_info(c.environment).id, {c.shape.algorithm, c.envs});
  return replay_ratio(c) <
         std::min(1.0, replay_ratio(usual.updates_per_step, usual.batch, usual.envs));
}

double state_bytes(const LearnerConfig& c) {
  const double parameters = 3.0 * static_cast<double>(agent_stride(c.shape));
  const double environments =
      static_cast<double>(environment_scalars(c)) + 3.0 * static_cast<double>(c.envs);
  return replay_bytes(c) + sizeof(float) * c.agents * (parameters + environments);
}

double replay_bytes(const LearnerConfig& c) {
  return static_cast<double>(c.replay_capacity) * c.agents * record_layout(c.shape).size *
         sizeof(float);
}

void require_config_format(const nlohmann::ordered_json& config, const std::string& file) {
  const auto format = config.find("format");
  if (format == config.end() || !format->is_number_integer() || *format <= kConfigFormat) return;
  throw UsageError(files::newer_format(file, format->get<int64_t>(), kConfigFormat));
}

std::optional<double> fixed_alpha(const LearnerConfig& c) {
  const bool fixed = c.shape.algorithm == Algorithm::sac_v2 && c.hyper.alpha_lr == 0;
  return fixed ? std::optional(c.alpha) : std::nullopt;
}

std::optional<double> target_entropy(const LearnerConfig& c) {
  const bool learned = c.shape.algorithm == Algorithm::sac_v2 && !fixed_alpha(c);
  return learned ? std::optional(c.hyper.target_entropy) : std::nullopt;
}

nlohmann::ordered_json to_json(const TrainConfig& config) {
  const LearnerConfig& c = config.learner;
  const env::EnvironmentInfo& env = environment_info(c.environment);
  const auto limit = [](const auto& value) {
    return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json();
  };
  return {{"format", kConfigFormat},
          {"version", SAC_VERSION},
          {"env", env.id},
          {"target_return", config.target_return},
          {"solved_episodes", env.solved_episodes},
          {"preset", config.preset},
          {"algorithm", algorithm_name(c.shape.algorithm)},
          {"device", devices::device_name(config.device.device)},
          {"precision", precision_name(c.precision)},
          {"mlp", devices::mlp_name(c.mlp)},
          {"threads", c.threads},
          {"ranks", c.ranks == nullptr ? 1 : c.ranks->size},
          {"seed", c.seed},
          {"envs", c.envs},
          {"agents", c.agents},
          {"obs", c.shape.obs},
          {"act", c.shape.act},
          {"max_action", c.max_action},
          {"hidden", c.shape.hidden},
          {"batch", c.batch},
          {"updates_per_step", c.updates_per_step},
          {"replay_size", c.replay_capacity},
          {"replay_ratio", replay_ratio(c)},
          {"warmup", config.warmup},
          {"policy_lr", c.hyper.policy_lr},
          {"value_lr", c.hyper.value_lr},
          {"q_lr", c.hyper.q_lr},
          {"gamma", c.hyper.gamma},
          {"tau", c.hyper.tau},
          {"reward_scale", c.hyper.reward_scale},
          {"alpha", limit(fixed_alpha(c))},
          {"target_entropy", limit(target_entropy(c))},
          {"beta1", c.hyper.beta1},
          {"beta2", c.hyper.beta2},
          {"adam_eps", c.hyper.adam_eps},
          {"log_std_min", c.hyper.log_std.low},
          {"log_std_max", c.hyper.log_std.high},
          {"eval_every", config.eval_every},
          {"eval_episodes", config.eval_episodes},
          {"steps", limit(config.steps)},
          {"updates", limit(config.updates)},
          {"most_updates", limit(config.most_updates)},
          {"time_limit", limit(config.time_limit)},
          {"save_every", config.save_every},
          {"keep_going", config.keep_going}};
}

}  // namespace sac::training
