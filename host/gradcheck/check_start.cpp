#include "host/gradcheck/check_start.h"

#include <cstddef>

#include "host/base/named_parameters.h"
#include "host/gradcheck/decided_networks.h"
#include "host/gradcheck/error_model.h"
#include "kernels/random.h"

namespace sac::gradcheck {
namespace {

constexpr uint64_t kStep = 0;
constexpr double kScale = 0.02;  ///< as gradients are
constexpr float kLogAlpha = -0.3f;

double normal(uint64_t seed, size_t element) {
  return random_normal<float>({seed}, Purpose::warm_up, static_cast<uint32_t>(element), kStep);
}

}  // namespace

LearnerConfig check_config(const Shape& shape, int batch, uint64_t seed) {
  LearnerConfig c;
  c.environment = -1;
  c.shape = shape;
  c.max_action = 2;
  c.batch = batch;
  c.envs = 1;
  c.replay_capacity = batch;
  c.seed = seed;
  c.threads = 1;
  c.hyper.gamma = 0.9;
  c.hyper.tau = 0.1;
  c.hyper.policy_lr = 0.05;
  c.hyper.value_lr = 0.03;
  c.hyper.q_lr = 0.02;
  c.hyper.alpha_lr = 0.04;
  c.hyper.target_entropy = -0.7;
  c.hyper.log_std = {.low = -0.1, .high = 0.1};
  return c;
}

void trained_moments(const Shape& shape, uint64_t seed, AgentState& state) {
  state.updates = 6;
  for (const NamedTensor& tensor : named_parameters(shape)) {
    if (is_target(shape.algorithm, tensor.network)) continue;
    for (size_t i = tensor.offset; i < tensor.offset + tensor.size(); ++i) {
      const uint32_t word = random_word({seed}, Purpose::reset, static_cast<uint32_t>(i), kStep);
      state.adam_m[i] = static_cast<float>(kScale * normal(seed, i) / 2);
      state.adam_v[i] = static_cast<float>(kScale * kScale * (1 + uniform01<float>(word)));
    }
  }
}

AgentState check_start(const LearnerConfig& config, AgentState fresh) {
  if (operand_rounding(config.precision) > 0) decide_networks(config.shape, fresh.parameters);
  trained_moments(config.shape, config.seed, fresh);
  for (const NamedTensor& tensor : named_parameters(config.shape)) {
    if (tensor.network == Network::log_alpha) fresh.parameters[tensor.offset] = kLogAlpha;
    if (!is_target(config.shape.algorithm, tensor.network)) continue;
    for (size_t i = tensor.offset; i < tensor.offset + tensor.size(); ++i) {
      double& p = fresh.parameters[i];
      p = static_cast<float>(p + kScale * normal(config.seed, i));
    }
  }
  return fresh;
}

}  // namespace sac::gradcheck
