// What an environment is. Each one is a header of its own with plain mathematics for both sides,
// templated on the scalar T, and one line in registry.h. This file holds the shared vocabulary.
//
// An environment E<T> provides
//
//   static constexpr EnvironmentInfo info;            // names and sizes, below
//   struct State { T ...; };                          // info.state scalars, in the order of
//                                                     // info.state_names, and nothing else
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

/// Of an observation that has none.
inline constexpr double kNoBound = std::numeric_limits<double>::infinity();

/// Sizes and conventions of one environment; values in environment units.
struct EnvironmentInfo {
  const char* id;           ///< the ecosystem's id
  const char* state_names;  ///< comma-separated, in the order of State
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
