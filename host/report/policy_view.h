// What a policy does, in figures that a page can draw: episodes under it, and its action and its
// value over the pole's angle and angular velocity.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/files/checkpoint.h"

namespace sac::report {

/// A policy as its file has it.
struct SeenPolicy {
  std::string file;
  files::Policy policy;    ///< its parameters hold V's too, if there is V
  bool has_value = false;  ///< is there V?
  int environment = 0;     ///< index in Environments
};

/// One episode at every `stride`-th step and at its end; all lists have one length.
struct PlayedEpisode {
  int stride = 1, steps = 0;
  bool terminated = false;
  std::vector<double> x;                 ///< the cart's place; empty without a cart
  std::vector<double> theta, theta_dot;  ///< of the first pole
  std::vector<double> theta2;            ///< of the second, relative to it; empty with one pole
  std::vector<double> action;            ///< that led here, as a share of the largest
  std::vector<double> reward;            ///< up to here
};

/// Values at `side` x `side` states, theta fastest, both from -reach to reach; all else at rest.
/// A second pole is in line with the first.
struct HeatMaps {
  int side = 0;
  double theta_reach = 0, theta_dot_reach = 0;
  std::vector<double> action;  ///< the first one, as a share of the largest
  std::vector<double> value;   ///< empty without V
};

struct PolicyView {
  std::vector<PlayedEpisode> episodes;  ///< the first ones of `evaluate` with seeds 0, 1, ...
  HeatMaps maps;
};

/// Plays `episodes` of them, with at most `frames` frames each. Throws UsageError for a task
/// without a pole.
PolicyView look_at(const SeenPolicy& seen, int episodes, size_t frames);

}  // namespace sac::report
