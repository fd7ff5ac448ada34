// The device memory of P agents, and its translation to and from the host's terms.
#pragma once

#include <vector>

#include "host/base/learner.h"
#include "host/cuda/device_memory.h"
#include "kernels/device_state.h"

namespace sac::cuda {

/// Everything that lives as long as the learner. Work that is under way on a stream is not waited
/// for: synchronise first.
class AgentMemory {
 public:
  /// Allocates, fills the control structs and sets log_alpha; networks and environments are the
  /// kernels' to initialise. Throws std::invalid_argument for what the kernels do not serve.
  explicit AgentMemory(const LearnerConfig& config);

  const DeviceState& device() const { return device_; }
  size_t bytes() const;

  /// From the next launch on.
  void retire(int agent);
  void set_hyperparameters(int agent, const Hyperparameters& hyper);

  /// Of every agent's latest gradient step.
  std::vector<Losses> losses() const;
  Progress progress() const;
  AgentState state(int agent) const;
  std::vector<float> newest(int agent, int64_t count) const;
  std::vector<float> episode_returns(int agent) const;
  /// Throws std::invalid_argument if a vector has the wrong size. A backend's copies of the
  /// parameters are its own to refresh.
  void load(int agent, const AgentState& state);

  Snapshot snapshot() const;
  /// Throws std::invalid_argument if the snapshot does not fit. The copies as above.
  void restore(const Snapshot& snapshot);

 private:
  DeviceArray<AgentControl> control_;
  DeviceArray<float> parameters_, adam_m_, adam_v_, gradients_, replay_, environment_state_;
  DeviceArray<int> episode_steps_;
  DeviceArray<float> episode_returns_;
  DeviceArray<uint64_t> vector_step_;
  DeviceState device_;
  LearnerConfig config_;
};

/// A batch and noise given from outside, for one gradient step of agent 0, and the gradients. Of
/// several processes, each with the whole batch, every one has its own rows of it.
class GivenMemory {
 public:
  /// Throws std::invalid_argument if the batch does not fit the device's sizes.
  GivenMemory(const Batch& batch, const DeviceState& device);

  /// The same memory, seen as agent 0 alone and with room for its gradients.
  const DeviceState& device() const { return device_; }
  GivenBatch batch() const;
  std::vector<double> gradients() const;

 private:
  DeviceArray<float> records_, target_noise_, policy_noise_, gradients_;
  DeviceState device_;
};

}  // namespace sac::cuda
