// Environment -> replay: one vector step of all environments of all agents, and evaluation.
#pragma once

#include <memory>
#include <vector>

#include "host/cpu/actor.h"
#include "host/cpu/team.h"
#include "host/environment_batch.h"

namespace sac {

template <class Numbers>
class Rollout {
 public:
  using T = typename Numbers::Real;

  /// Makes the environments, in their start states, and every worker's actors.
  Rollout(const LearnerConfig& config, Team& team);

  enum class Actions { random, policy };

  /// Vector step t: every environment acts, steps, and writes its transition to the replay.
  void step(std::vector<Agent<Numbers>>& agents, uint64_t t, Actions actions);

  /// `episodes` whole episodes per agent from fresh start states, with a = m tanh(mean), unrounded.
  std::vector<Evaluation> evaluate(const std::vector<Agent<Numbers>>& agents, int episodes,
                                   uint64_t seed) const;

 private:
  /// Rows of a tile: fixed, so that the bits do not depend on the number of threads.
  static constexpr int64_t kTileRows = 128;

  struct Worker {
    Worker(const LearnerConfig& c, int64_t envs);
    Actor<Numbers> full, last;
  };

  void step_tile(Agent<Numbers>& agent, EnvironmentBatch<T>& envs, Actor<Numbers>& actor,
                 int64_t begin, uint64_t t, Actions actions) const;
  /// The range's environments write to consecutive records from `slot`.
  void step_range(Agent<Numbers>& agent, EnvironmentBatch<T>& envs, const Actor<Numbers>& actor,
                  int64_t row, int64_t begin, int64_t end, uint64_t slot, uint64_t t) const;
  using Unrounded = typename Numbers::Unrounded;
  void play(const NetworkWeights<Unrounded>& pi, EnvironmentBatch<T>& envs, int64_t begin,
            int64_t end, Evaluation& evaluation) const;

  LearnerConfig config_;
  StepConstants<T> constants_;
  int64_t tiles_;
  Team& team_;
  std::vector<std::unique_ptr<EnvironmentBatch<T>>> environments_;  ///< one batch per agent
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace sac
