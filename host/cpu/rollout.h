// Environment -> replay: one vector step of all environments of all agents, and evaluation.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "host/cpu/policy_rows.h"
#include "host/cpu/team.h"
#include "host/simulation/environment_batch.h"

namespace sac::cpu {

template <class Arithmetic>
class Rollout {
 public:
  using T = typename Arithmetic::Real;

  /// Makes the environments, in their start states, and every worker's policy rows.
  Rollout(const LearnerConfig& config, Team& team);

  enum class Actions { random, policy };

  /// Vector step t: every environment of the agents that learn, numbers among `agents`, acts,
  /// steps, and writes its transition to the replay.
  void step(std::vector<Agent<Arithmetic>>& agents, std::span<const int> learning, uint64_t t,
            Actions actions);

  /// The plan's episodes with the agents' policies, unrounded; nothing once `give_up` has said so.
  std::vector<Evaluation> evaluate(const std::vector<Agent<Arithmetic>>& agents,
                                   const EpisodePlan& plan, const Learner::GiveUp& give_up) const;

  /// [2, envs], as in kernels/device_state.h.
  std::span<float> episode_returns(int agent) { return episode_returns_[agent]; }

  /// Has this process know the agent's environments and returns of all processes.
  void bring_together(int agent);

  /// One agent's environments.
  simulation::EnvironmentBatch<T>& environments(int agent) { return *environments_[agent]; }

 private:
  /// Rows of a tile: fixed, so that the bits do not depend on the number of threads.
  static constexpr int64_t kTileRows = 128;

  struct Worker {
    Worker(const LearnerConfig& c, int64_t envs);
    PolicyRows<Arithmetic> full, last;
  };

  using Unrounded = typename Arithmetic::Unrounded;
  /// What an agent's episodes need.
  struct Player {
    Player(size_t p, std::unique_ptr<simulation::EnvironmentBatch<T>> envs,
           WeightCopies<Unrounded> weights)
        : agent(p), environments(std::move(envs)), policy(std::move(weights)) {}
    size_t agent;
    std::unique_ptr<simulation::EnvironmentBatch<T>> environments;
    WeightCopies<Unrounded> policy;
  };

  void step_tile(Agent<Arithmetic>& agent, int p, PolicyRows<Arithmetic>& policy, int64_t begin,
                 uint64_t t, Actions actions);
  /// The range's environments write to consecutive records from `slot`.
  void step_range(Agent<Arithmetic>& agent, int p, const PolicyRows<Arithmetic>& policy,
                  int64_t row, int64_t begin, int64_t end, uint64_t slot, uint64_t t);
  /// Has this process know what the environments of all have written to records from `slot` on;
  /// those of [begin, end) have.
  void complete_records(Agent<Arithmetic>& agent, int64_t begin, int64_t end, uint64_t slot) const;
  /// Where the processes' environments begin among those of [begin, end), in units of `each`.
  std::vector<int64_t> begins(int64_t begin, int64_t end, int64_t each) const;
  /// Plays episodes [begin, end); `noise` is the key of sampled actions, empty for the mean ones.
  void play(const Agent<Arithmetic>& agent, const Player& player, std::optional<RandomKey> noise,
            int64_t begin, int64_t end, const Learner::GiveUp& give_up,
            Evaluation& evaluation) const;

  LearnerConfig config_;
  int64_t tiles_;
  ranks::Part own_;  ///< this process's tiles
  Team& team_;
  std::vector<std::unique_ptr<simulation::EnvironmentBatch<T>>>
      environments_;                                 ///< one batch per agent
  std::vector<std::vector<float>> episode_returns_;  ///< by agent
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace sac::cpu
