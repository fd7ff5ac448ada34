// What an environment is. Each one is a header of its own with plain mathematics for both sides,
// templated on the scalar T, and one line in registry.h. This file holds the shared vocabulary.
//
// An environment E<T> provides
//
//   static constexpr EnvironmentInfo info;            // names and sizes, below
//   struct State { T ...; };                          // info.state scalars: those of
//                                                     // info.state_names, then those that only
//                                                     // the observation needs of the step before
//   static State reset(ResetDraws<T>& draws);         // a start state from the stated distribution
//   static Outcome<T> step(State& s, const T* action);  // one step; clips the action itself
//   static void observe(const State& s, T* obs);      // the observation of s, info.obs scalars
//
// `step` knows nothing of time limits: the caller counts steps and asks episode_end.
#pragma once

#include <limits>

#include "kernels/host_device.h"
#include "kernels/layout.h"
#include "kernels/random.h"

namespace sac::env {

/// What one step returns besides the new state.
template <class T>
struct Outcome {
  T reward;
  bool terminated;
};

/// How an episode ends.
struct EpisodeEnd {
  bool terminated;  ///< in a terminal state
  bool truncated;   ///< cut at the time limit: the state has a future. Never both

  SAC_HD bool ended() const { return terminated || truncated; }
};

/// After a step with this outcome, the episode's `steps`-th.
SAC_HD inline EpisodeEnd episode_end(bool terminated, int steps, int time_limit) {
  return {terminated, !terminated && steps >= time_limit};
}

// Environments of a policy that keeps its episodes alive all restart together, at their time limit.
// A replay that holds less than that many steps of each then has no start states between two
// restarts, and what is to be done in them is unlearned. So where it does, time limits are
// staggered: environment e of n meets one at vector steps that are e/n of a limit before its
// multiples, whenever its episode began. No episode is longer for it.

/// Does the replay of `capacity` transitions hold less than an episode of every environment?
SAC_HD constexpr bool staggers_time_limits(uint64_t envs, uint64_t capacity, int time_limit) {
  return envs * static_cast<uint64_t>(time_limit) > capacity;
}

/// The steps since its time limit that environment e of n has to begin with.
SAC_HD constexpr int staggered_start(uint64_t e, uint64_t n, int time_limit) {
  return static_cast<int>(e * static_cast<uint64_t>(time_limit) / n);
}

/// Of an observation that has none.
inline constexpr double kNoBound = std::numeric_limits<double>::infinity();

/// Sizes and conventions of one environment; values in environment units.
struct EnvironmentInfo {
  const char* id;           ///< the ecosystem's id
  const char* state_names;  ///< comma-separated, in the order of State. What follows them there is
                            ///< 0 in a start state, and neither motion nor reward depends on it
  const char* obs_names;    ///< comma-separated; the cosine of theta is called cos_theta
  const char* act_names;    ///< comma-separated
  int state;                ///< scalars in State
  int obs;                  ///< observation dimension
  int act;                  ///< action dimension
  int time_limit;           ///< steps until an episode is truncated
  double step_seconds;      ///< simulated time of one step
  double max_action;        ///< actions lie in [-max_action, max_action]
  double max_obs[kMaxObs];  ///< observations lie in [-max_obs, max_obs]; kNoBound: anywhere
  double largest_reward;    ///< the largest magnitude of a step's reward
  double solved_at;         ///< mean return that counts as solved
  int solved_episodes;      ///< episodes such a mean needs
};

}  // namespace sac::env
