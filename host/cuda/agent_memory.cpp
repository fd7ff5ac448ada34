#include "host/cuda/agent_memory.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "host/base/named_losses.h"
#include "host/base/snapshot.h"
#include "host/ranks/ranks.h"
#include "kernels/env/registry.h"
#include "kernels/fused/launch.h"
#include "kernels/fused/widths.h"

namespace sac::cuda {
namespace {

constexpr int kMaxUnfusedHidden = 4096;

std::vector<float> narrowed(const std::vector<double>& values) {
  return {values.begin(), values.end()};
}

std::vector<double> widened(const std::vector<float>& values) {
  return {values.begin(), values.end()};
}

void require(bool holds, const std::string& otherwise) {
  if (!holds) throw std::invalid_argument(otherwise);
}

void require_served(const LearnerConfig& c) {
  require(c.mlp == Mlp::cublas || fused::is_fused(c.shape.hidden),
          "hidden must be " + fused::widths_in_words() + " without cuBLAS, not " +
              std::to_string(c.shape.hidden));
  require(c.shape.hidden >= 1 && c.shape.hidden <= kMaxUnfusedHidden,
          "hidden must be 1 to 4096, not " + std::to_string(c.shape.hidden));
  require(c.shape.obs >= 1 && c.shape.obs <= kMaxObs, "observations have 1 to 16 dimensions");
  require(c.shape.act >= 1 && c.shape.act <= kMaxAct, "actions have 1 to 4 dimensions");
  require(c.batch >= (c.ranks == nullptr ? 1 : c.ranks->size),
          "a batch holds at least one transition, for every process");
  require(c.agents >= 1, "there must be an agent");
  if (c.environment < 0) return;
  require(c.environment < env::Environments::size, "no such environment");
  require(c.envs >= 1, "there must be an environment");
  require(c.replay_capacity >= c.envs,
          "on a GPU the replay must hold one step of all environments");
  const int64_t words = int64_t{std::numeric_limits<uint32_t>::max()};
  require(c.replay_capacity <= words && c.envs <= words / 16,
          "the replay holds at most 2^32 transitions, of at most 2^28 environments");
}

GpuLimits gpu_limits() {
  int device = 0;
  check(cudaGetDevice(&device), "cudaGetDevice");
  const auto attribute = [device](cudaDeviceAttr which) {
    int value = 0;
    check(cudaDeviceGetAttribute(&value, which, device), "cudaDeviceGetAttribute");
    return value;
  };
  return {attribute(cudaDevAttrMultiProcessorCount),
          static_cast<size_t>(attribute(cudaDevAttrMaxSharedMemoryPerMultiprocessor)),
          static_cast<size_t>(attribute(cudaDevAttrMaxSharedMemoryPerBlockOptin))};
}

// beta^updates as the clock has it, multiplied up: pow would differ in the last bits.
double running_power(double beta, int64_t updates) {
  double power = 1;
  for (int64_t i = 0; i < updates; ++i) {
    const double next = power * beta;
    if (next == power) break;  // zero, or the smallest number, which rounding keeps
    power = next;
  }
  return power;
}

void set_clock(AgentControl& control, int64_t updates) {
  control.now.updates = updates;
  control.now.beta1_power = running_power(control.beta1, updates);
  control.now.beta2_power = running_power(control.beta2, updates);
}

void set_losses(AgentControl& control, Algorithm algorithm, const Losses& losses) {
  for (const NamedLoss& loss : named_losses(algorithm)) {
    const int i = loss_index(loss.network);
    control.losses[i] = static_cast<float>(losses.*loss.value);
    control.not_finite_since[i] = losses.not_finite_since;
  }
}

int64_t not_finite_since(const AgentControl& control) {
  uint64_t first = 0;
  for (const uint64_t step : control.not_finite_since) {
    if (step != 0 && (first == 0 || step < first)) first = step;
  }
  return static_cast<int64_t>(first);
}

void set_hyper(AgentControl& control, Algorithm algorithm, const Hyperparameters& h) {
  const auto as_float = [](double x) { return static_cast<float>(x); };
  control.beta1 = h.beta1;
  control.beta2 = h.beta2;
  control.one_minus_beta1 = as_float(1 - h.beta1);
  control.one_minus_beta2 = as_float(1 - h.beta2);
  control.adam_eps = as_float(h.adam_eps);
  control.gamma = as_float(h.gamma);
  control.tau = as_float(h.tau);
  control.reward_scale = as_float(h.reward_scale);
  const double last = algorithm == Algorithm::sac_v1 ? h.value_lr : h.alpha_lr;
  const double rates[kLosses] = {h.policy_lr, h.q_lr, h.q_lr, last};
  for (int i = 0; i < kLosses; ++i) control.learning_rate[i] = as_float(rates[i]);
  control.target_entropy = as_float(h.target_entropy);
  control.log_std_low = as_float(h.log_std.low);
  control.log_std_high = as_float(h.log_std.high);
}

AgentControl initial_control(const LearnerConfig& c, int agent) {
  AgentControl control{};
  control.key = c.seed + agent;
  control.max_action = static_cast<float>(c.max_action);
  set_hyper(control, c.shape.algorithm, c.hyper);
  set_clock(control, 0);
  return control;
}

}  // namespace

AgentMemory::AgentMemory(const LearnerConfig& c) : config_(c) {
  require_served(c);
  const size_t agents = c.agents;
  device_.shape = c.shape;
  device_.agents = c.agents;
  const ranks::Part rows = c.ranks == nullptr ? ranks::Part{0, c.batch} : c.ranks->part(c.batch);
  device_.batch = static_cast<int>(rows.count());
  device_.first_row = static_cast<int>(rows.begin);
  device_.whole_batch = c.batch;
  device_.shared = c.ranks != nullptr;
  device_.precision = c.precision;
  device_.gpu = gpu_limits();
  device_.environment = c.environment;
  for (int n = 0; n < kNetworks; ++n) {
    device_.networks[n] = network_layout(c.shape, static_cast<Network>(n));
  }
  device_.parameter_stride = agent_stride(c.shape);

  std::vector<AgentControl> controls;
  for (int p = 0; p < c.agents; ++p) controls.push_back(initial_control(c, p));
  control_ = DeviceArray<AgentControl>(agents);
  control_.upload(controls);
  parameters_ = DeviceArray<float>(agents * device_.parameter_stride);
  if (c.shape.algorithm == Algorithm::sac_v2) {
    const float log_alpha = static_cast<float>(std::log(c.alpha));
    for (size_t p = 0; p < agents; ++p) {
      parameters_.upload({log_alpha}, p * device_.parameter_stride + log_alpha_offset(c.shape));
    }
  }
  adam_m_ = DeviceArray<float>(agents * device_.parameter_stride);
  adam_v_ = DeviceArray<float>(agents * device_.parameter_stride);
  if (device_.shared || c.mlp == Mlp::cublas) {
    gradients_ = DeviceArray<float>(agents * gradient_stride(device_));
  }
  device_.gradients = gradients_.data();
  device_.control = control_.data();
  device_.parameters = parameters_.data();
  device_.adam_m = adam_m_.data();
  device_.adam_v = adam_v_.data();
  if (c.environment < 0) return;

  const size_t envs = c.envs;
  const size_t capacity = c.replay_capacity;
  const size_t record = record_layout(c.shape).size;
  const size_t state = env::Environments::info[c.environment].state;
  replay_ = DeviceArray<float>(agents * capacity * record);
  environment_state_ = DeviceArray<float>(agents * state * envs);
  episode_steps_ = DeviceArray<int>(agents * envs);
  vector_step_ = DeviceArray<uint64_t>(agents * envs);
  episode_returns_ = DeviceArray<float>(agents * 2 * envs);
  device_.envs = envs;
  device_.capacity = capacity;
  device_.replay = replay_.data();
  device_.environment_state = environment_state_.data();
  device_.episode_steps = episode_steps_.data();
  device_.episode_returns = episode_returns_.data();
  device_.vector_step = vector_step_.data();
}

size_t AgentMemory::bytes() const {
  return control_.bytes() + parameters_.bytes() + adam_m_.bytes() + adam_v_.bytes() +
         gradients_.bytes() + replay_.bytes() + environment_state_.bytes() +
         episode_steps_.bytes() + vector_step_.bytes() + episode_returns_.bytes();
}

void AgentMemory::retire(int agent) {
  std::vector<AgentControl> control = control_.download(agent, 1);
  control[0].retired = 1;
  control_.upload(control, agent);
}

void AgentMemory::set_hyperparameters(int agent, const Hyperparameters& hyper) {
  std::vector<AgentControl> control = control_.download(agent, 1);
  set_hyper(control[0], device_.shape.algorithm, hyper);
  set_clock(control[0], static_cast<int64_t>(control[0].now.updates));  // of the new betas
  control_.upload(control, agent);
}

// Retired agents stay behind the others.
Progress AgentMemory::progress() const {
  const std::vector<AgentControl> controls = control_.download();
  const auto first =
      std::ranges::max_element(controls, {}, [](const AgentControl& c) { return c.now.updates; });
  Progress progress;
  progress.updates = first->now.updates;
  if (device_.environment >= 0) {
    progress.vector_steps = vector_step_.download((first - controls.begin()) * device_.envs, 1)[0];
  }
  return progress;
}

AgentState AgentMemory::state(int agent) const {
  const size_t stride = device_.parameter_stride;
  const size_t p = agent;
  return {widened(parameters_.download(p * stride, stride)),
          widened(adam_m_.download(p * stride, stride)),
          widened(adam_v_.download(p * stride, stride)),
          static_cast<int64_t>(control_.download(p, 1)[0].now.updates)};
}

std::vector<float> AgentMemory::newest(int agent, int64_t count) const {
  const size_t size = record_layout(device_.shape).size;
  const uint64_t steps = vector_step_.download(agent * device_.envs, 1)[0];  // the agent's own
  std::vector<float> records;
  for (const SlotRange& range :
       newest_slots(config_, {.vector_steps = static_cast<int64_t>(steps)}, count)) {
    const size_t slot = agent * device_.capacity + range.first;
    const std::vector<float> part = replay_.download(slot * size, range.count * size);
    records.insert(records.end(), part.begin(), part.end());
  }
  return records;
}

std::vector<float> AgentMemory::episode_returns(int agent) const {
  return episode_returns_.download((2 * static_cast<size_t>(agent) + 1) * device_.envs,
                                   device_.envs);
}

void AgentMemory::load(int agent, const AgentState& state) {
  const size_t stride = device_.parameter_stride;
  const size_t p = agent;
  require(state.parameters.size() == stride && state.adam_m.size() == stride &&
              state.adam_v.size() == stride,
          "the agent's state has the wrong size");
  parameters_.upload(narrowed(state.parameters), p * stride);
  adam_m_.upload(narrowed(state.adam_m), p * stride);
  adam_v_.upload(narrowed(state.adam_v), p * stride);
  std::vector<AgentControl> control = control_.download(p, 1);
  set_clock(control[0], state.updates);
  control_.upload(control, p);
}

std::vector<Losses> AgentMemory::losses() const {
  std::vector<Losses> all;
  for (const AgentControl& c : control_.download()) {
    Losses& losses = all.emplace_back();
    for (const NamedLoss& loss : named_losses(device_.shape.algorithm)) {
      losses.*loss.value = c.losses[loss_index(loss.network)];
    }
    losses.not_finite_since = not_finite_since(c);
  }
  return all;
}

Snapshot AgentMemory::snapshot() const {
  Snapshot snapshot{progress(), {}};
  const std::vector<Losses> latest = losses();
  const size_t stride = device_.parameter_stride, envs = device_.envs;
  const size_t record = record_layout(device_.shape).size;
  const size_t states = environment_scalars(config_);
  for (size_t p = 0; p < latest.size(); ++p) {
    snapshot.agents.push_back(
        {.parameters = parameters_.download(p * stride, stride),
         .adam_m = adam_m_.download(p * stride, stride),
         .adam_v = adam_v_.download(p * stride, stride),
         .replay = replay_.download(p * device_.capacity * record,
                                    replay_scalars(config_, snapshot.progress)),
         .environments = environment_state_.download(p * states, states),
         .episode_steps = episode_steps_.download(p * envs, envs),
         .episode_returns = episode_returns_.download(p * 2 * envs, 2 * envs),
         .losses = latest[p]});
  }
  return snapshot;
}

void AgentMemory::restore(const Snapshot& snapshot) {
  require_fit(snapshot, config_);
  const size_t stride = device_.parameter_stride, envs = device_.envs;
  const size_t record = record_layout(device_.shape).size;
  std::vector<AgentControl> controls = control_.download();
  for (size_t p = 0; p < controls.size(); ++p) {
    const AgentSnapshot& from = snapshot.agents[p];
    parameters_.upload(from.parameters, p * stride);
    adam_m_.upload(from.adam_m, p * stride);
    adam_v_.upload(from.adam_v, p * stride);
    replay_.upload(from.replay, p * device_.capacity * record);
    environment_state_.upload(from.environments, p * from.environments.size());
    episode_steps_.upload(from.episode_steps, p * envs);
    episode_returns_.upload(from.episode_returns, p * 2 * envs);
    controls[p].retired = 0;
    set_clock(controls[p], snapshot.progress.updates);
    set_losses(controls[p], device_.shape.algorithm, from.losses);
  }
  control_.upload(controls);
  vector_step_.upload(std::vector<uint64_t>(vector_step_.size(), snapshot.progress.vector_steps));
}

GivenMemory::GivenMemory(const Batch& batch, const DeviceState& device) : device_(device) {
  const size_t b = device.whole_batch, first = device.first_row, own = device.batch;
  const size_t obs = device.shape.obs;
  const size_t act = device.shape.act;
  require(batch.size == device.whole_batch, "the batch must have the configured size");
  require(batch.obs.size() == b * obs && batch.next_obs.size() == b * obs &&
              batch.action.size() == b * act && batch.reward.size() == b &&
              batch.terminated.size() == b && batch.target_noise.size() == b * act &&
              batch.policy_noise.size() == b * act,
          "a part of the batch has the wrong size");
  const RecordLayout r = record_layout(device.shape);
  const size_t size = r.size;
  std::vector<float> records(own * size);
  const auto put = [&](const std::vector<double>& values, int offset, size_t width) {
    for (size_t i = 0; i < own * width; ++i) {
      records[i / width * size + offset + i % width] = values[first * width + i];
    }
  };
  const auto own_noise = [&](const std::vector<double>& noise) {
    const std::vector<float> all = narrowed(noise);
    return std::vector<float>(all.begin() + first * act, all.begin() + (first + own) * act);
  };
  put(batch.obs, 0, obs);
  put(batch.action, r.action, act);
  put(batch.reward, r.reward, 1);
  put(batch.terminated, r.terminated, 1);
  put(batch.next_obs, r.next_obs, obs);
  records_ = DeviceArray<float>(records.size());
  records_.upload(records);
  target_noise_ = DeviceArray<float>(own * act);
  target_noise_.upload(own_noise(batch.target_noise));
  policy_noise_ = DeviceArray<float>(own * act);
  policy_noise_.upload(own_noise(batch.policy_noise));
  gradients_ = DeviceArray<float>(gradient_stride(device));
  device_.agents = 1;
  device_.gradients = gradients_.data();
}

GivenBatch GivenMemory::batch() const {
  return {records_.data(), target_noise_.data(), policy_noise_.data()};
}

std::vector<double> GivenMemory::gradients() const {
  return widened(gradients_.download(0, device_.parameter_stride));
}

}  // namespace sac::cuda
