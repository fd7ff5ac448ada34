#include "host/report/policy_view.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "host/base/environments.h"
#include "host/cpu/mean_policy.h"
#include "host/diagnostics/diagnostics.h"
#include "host/files/csv.h"
#include "host/play/episode.h"
#include "host/play/poles.h"
#include "host/simulation/environment_batch.h"

namespace sac::report {
namespace {

constexpr int kSide = 41;
/// A map of all angles tells nothing of a pole that never falls: the reach is that of the episodes
/// with some room, at least so many radians, and a full turn once the pole hung.
constexpr double kRoom = 1.5, kLeastAngle = 0.25, kLeastVelocity = 1;

PlayedEpisode played(const SeenPolicy& seen, cpu::MeanPolicy& policy, uint64_t seed,
                     size_t frames) {
  play::Episode episode(seen.environment, policy, seed);
  const play::PolePlaces at = play::pole_places(episode.task());
  PlayedEpisode record;
  const auto most = static_cast<int>(frames);
  record.stride = (episode.task().time_limit + most - 1) / most;
  const auto add = [&] {
    const std::span<const float> state = episode.state();
    if (at.x) record.x.push_back(state[*at.x]);
    if (at.theta2) record.theta2.push_back(state[*at.theta2]);
    record.theta.push_back(state[at.theta]);
    record.theta_dot.push_back(state[at.theta_dot]);
    record.action.push_back(episode.action_share());
    record.reward.push_back(episode.total_reward());
  };
  add();
  while (!episode.ended()) {
    episode.step();
    if (episode.ended() || episode.steps() % record.stride == 0) add();
  }
  record.steps = episode.steps();
  record.terminated = episode.terminated();
  return record;
}

double largest(const std::vector<PlayedEpisode>& episodes,
               std::vector<double> PlayedEpisode::*values) {
  double most = 0;
  for (const PlayedEpisode& episode : episodes) {
    for (const double v : episode.*values) most = std::max(most, std::abs(v));
  }
  return most;
}

/// Observations [side^2, O] of the states of the maps.
std::vector<float> observations(const SeenPolicy& seen, const HeatMaps& maps) {
  constexpr int kStates = kSide * kSide;
  const auto batch = simulation::make_environment_batch<float>(seen.environment, kStates, {0});
  const env::EnvironmentInfo& task = batch->info();
  const play::PolePlaces at = play::pole_places(task);
  std::vector<float> states(static_cast<size_t>(task.state) * kStates);
  const auto coordinate = [](int i, double reach) {
    return static_cast<float>(reach * (2.0 * i / (kSide - 1) - 1));
  };
  for (int i = 0; i < kStates; ++i) {
    states[at.theta * kStates + i] = coordinate(i % kSide, maps.theta_reach);
    states[at.theta_dot * kStates + i] = coordinate(i / kSide, maps.theta_dot_reach);
  }
  batch->restore(states, std::vector<int>(kStates));
  std::vector<float> obs(static_cast<size_t>(task.obs) * kStates);
  batch->observe(0, kStates, {obs.data(), task.obs});
  return obs;
}

/// As far as the episodes went and some more, but no further than the task lets the pole turn.
double velocity_reach(const env::EnvironmentInfo& task, double seen) {
  const std::vector<std::string> names = files::comma_separated(task.obs_names);
  const std::string name =
      files::comma_separated(task.state_names)[play::pole_places(task).theta_dot];
  const auto found = std::ranges::find(names, name);
  const double most = found == names.end() ? env::kNoBound : task.max_obs[found - names.begin()];
  return std::min(most, std::max(kRoom * seen, kLeastVelocity));
}

HeatMaps maps_of(const SeenPolicy& seen, const std::vector<PlayedEpisode>& episodes) {
  HeatMaps maps;
  maps.side = kSide;
  const double angle = largest(episodes, &PlayedEpisode::theta);
  maps.theta_reach =
      angle > std::numbers::pi / 2 ? std::numbers::pi : std::max(kRoom * angle, kLeastAngle);
  const env::EnvironmentInfo& task = environment_info(seen.environment);
  maps.theta_dot_reach = velocity_reach(task, largest(episodes, &PlayedEpisode::theta_dot));
  const Shape& shape = seen.policy.shape;
  const std::vector<float> obs = observations(seen, maps);
  cpu::MeanPolicy policy(shape, task.max_action, seen.policy.parameters, kSide * kSide);
  const std::span<const float> action = policy.act(obs);
  for (size_t i = 0; i < action.size(); i += shape.act) {
    maps.action.push_back(action[i] / task.max_action);
  }
  if (seen.has_value) {
    const std::vector<float> v =
        diagnostics::state_values(shape, task.max_action, seen.policy.parameters, obs);
    maps.value.assign(v.begin(), v.end());
  }
  return maps;
}

}  // namespace

PolicyView look_at(const SeenPolicy& seen, int episodes, size_t frames) {
  const env::EnvironmentInfo& task = environment_info(seen.environment);
  cpu::MeanPolicy policy(seen.policy.shape, task.max_action, seen.policy.parameters, 1);
  PolicyView view;
  for (int seed = 0; seed < episodes; ++seed) {
    view.episodes.push_back(played(seen, policy, seed, frames));
  }
  view.maps = maps_of(seen, view.episodes);
  return view;
}

}  // namespace sac::report
