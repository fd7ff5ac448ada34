#include "host/play/episode.h"

#include <algorithm>

#include "host/play/poles.h"

namespace sac::play {
namespace {

std::vector<float> copied(std::span<const float> values) {
  return {values.begin(), values.end()};
}

}  // namespace

Episode::Episode(int environment, cpu::MeanPolicy& policy, uint64_t seed)
    : environment_(simulation::make_environment_batch<float>(environment, 1, {seed})),
      policy_(policy) {
  environment_->reset(0, 1, Purpose::evaluate, 0);
  state_ = copied(environment_->states());
}

void Episode::step() {
  if (ended()) return;
  state_ = copied(environment_->states());
  std::vector<float> obs(task().obs);
  environment_->observe(0, 1, {obs.data(), task().obs});
  const std::span<const float> action = policy_.act(obs);
  float reward = 0, terminated = 0, truncated = 0;
  environment_->step(0, 1, steps_, {action.data(), task().act},
                     {.reward = {&reward, 1},
                      .terminated = {&terminated, 1},
                      .truncated = {&truncated, 1},
                      .next_obs = {obs.data(), task().obs}});
  terminated_ = terminated != 0;
  truncated_ = truncated != 0;
  action_share_ = std::clamp(action[0] / task().max_action, -1.0, 1.0);
  total_reward_ += reward;
  ++steps_;
  if (!ended()) state_ = copied(environment_->states());
}

void Episode::push(double velocity) {
  if (ended()) return;
  state_[pole_places(task()).theta_dot] += static_cast<float>(rightwards(task()) * velocity);
  const std::vector<int> steps(1, environment_->episode_steps()[0]);
  environment_->restore(state_, steps);
}

Scene Episode::scene() const {
  return pendulum_scene(task(), state_, action_share_);
}

}  // namespace sac::play
