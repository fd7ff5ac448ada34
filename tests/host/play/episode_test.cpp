#include "host/play/episode.h"

#include <gtest/gtest.h>

#include <cmath>

#include "host/base/environments.h"
#include "host/devices/devices.h"

namespace sac::play {
namespace {

/// A learner with a fresh policy, and that policy.
class PlayedEpisode : public testing::Test {
 protected:
  explicit PlayedEpisode(const char* id = "InvertedPendulumBulletEnv-v0") {
    config_.environment = environment_index(id);
    const env::EnvironmentInfo& info = environment_info(config_.environment);
    config_.shape = {info.obs, info.act, 16};
    config_.max_action = info.max_action;
    config_.batch = 1;
    config_.envs = 1;
    config_.replay_capacity = 1;
    learner_ = devices::make_learner(devices::Device::cpu, config_);
    policy_ = std::make_unique<cpu::MeanPolicy>(config_.shape, config_.max_action,
                                                learner_->state(0).parameters, 1);
  }

  LearnerConfig config_;
  std::unique_ptr<Learner> learner_;
  std::unique_ptr<cpu::MeanPolicy> policy_;
};

TEST_F(PlayedEpisode, IsTheFirstOfAnEvaluation) {
  for (const uint64_t seed : {0, 5}) {
    Episode episode(config_.environment, *policy_, seed);
    while (!episode.ended()) episode.step();
    const Evaluation evaluation = learner_->evaluate({.episodes = 1, .seed = seed})[0];
    EXPECT_EQ(episode.steps(), evaluation.lengths[0]);
    EXPECT_EQ(episode.total_reward(), evaluation.returns[0]);
    EXPECT_TRUE(episode.terminated());
    EXPECT_DOUBLE_EQ(episode.seconds(), episode.steps() * 0.0165);
    const int steps = episode.steps();
    episode.step();
    episode.push(1);
    EXPECT_EQ(episode.steps(), steps);
  }
}

TEST_F(PlayedEpisode, APushThrowsThePole) {
  const auto tip_after = [&](double push) {
    Episode episode(config_.environment, *policy_, 1);
    episode.step();
    episode.push(push);
    for (int i = 0; i < 3; ++i) episode.step();
    const Scene scene = episode.scene();
    return std::ranges::find(scene.strokes, Ink::pole, &Stroke::ink)->to.x;
  };
  EXPECT_GT(tip_after(0.5), tip_after(0) + 0.005);
  EXPECT_LT(tip_after(-0.5), tip_after(0) - 0.005);
}

}  // namespace
}  // namespace sac::play
