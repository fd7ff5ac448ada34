// One episode under a policy's mean action, step by step, and what a player may do to it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "host/cpu/mean_policy.h"
#include "host/play/scene.h"
#include "host/simulation/environment_batch.h"

namespace sac::play {

class Episode {
 public:
  /// Environment number `environment`, from the start state that `evaluate --seed` has for its
  /// first episode. `policy` acts on one row, and must outlive the episode.
  Episode(int environment, cpu::MeanPolicy& policy, uint64_t seed);

  /// One step, unless the episode has ended.
  void step();

  /// Adds to the pole's angular velocity, rad/s; positive throws an upright pole to the right.
  void push(double velocity);

  const env::EnvironmentInfo& task() const { return environment_->info(); }
  bool ended() const { return terminated_ || truncated_; }
  bool terminated() const { return terminated_; }
  int steps() const { return steps_; }
  double seconds() const { return steps_ * task().step_seconds; }
  double total_reward() const { return total_reward_; }
  /// As a share of the largest, -1 to 1; 0 before the first step.
  double action_share() const { return action_share_; }

  /// task().state scalars. Of an ended episode: as it was before its last step.
  std::span<const float> state() const { return state_; }

  /// Of an ended episode: as it was before its last step.
  Scene scene() const;

 private:
  std::unique_ptr<simulation::EnvironmentBatch<float>> environment_;
  cpu::MeanPolicy& policy_;
  std::vector<float> state_;  ///< as it is drawn: an ended environment has started anew
  double action_share_ = 0;   ///< of the largest one, -1 to 1
  int steps_ = 0;
  double total_reward_ = 0;
  bool terminated_ = false, truncated_ = false;
};

}  // namespace sac::play
