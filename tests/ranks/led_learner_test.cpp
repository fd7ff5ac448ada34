// One learner of several processes beside one of its own. Run by mpirun, on any number of ranks:
// all come to the same learners in the same order, the first compares.
#include "host/ranks/led_learner.h"

#include <gtest/gtest.h>

#include "host/cpu/cpu_learner.h"
#include "host/gradcheck/check_start.h"
#include "host/gradcheck/smooth_batch.h"
#include "tests/ranks/all_ranks.h"
#include "tests/ranks/nearness.h"

namespace sac::ranks {
namespace {

template <class T, class Work>
void together(const LearnerConfig& config, const Work& work) {
  ranks::together(config, cpu::make_cpu_learner<T>, work);
}

/// Four tiles, the last of them shorter, which three ranks cannot share evenly.
constexpr int kBatch = 299;

template <class T>
void check_step(Algorithm algorithm) {
  const LearnerConfig config = gradcheck::check_config(
      {.obs = 4, .act = 2, .hidden = 32, .algorithm = algorithm}, kBatch, 1);
  const auto own = cpu::make_cpu_learner<T>(config);
  const AgentState start = gradcheck::check_start(config, own->state(0));
  const Batch batch = gradcheck::smooth_batch(config, start.parameters);
  own->load(0, start);
  const StepResult expected = own->gradient_step(batch);
  together<T>(config, [&](Learner& learner) {
    learner.load(0, start);
    expect_near<T>(kBatch, expected, learner.gradient_step(batch));
  });
}

TEST(LedLearner, AStepIsThatOfOneProcess) {
  check_step<double>(Algorithm::sac_v1);
  check_step<double>(Algorithm::sac_v2);
  check_step<float>(Algorithm::sac_v1);
  check_step<float>(Algorithm::sac_v2);
}

/// Environments in tiles of 128, the last shorter, in a replay whose end no vector step meets.
LearnerConfig training_config() {
  LearnerConfig config;
  config.shape = {.obs = 4, .act = 1, .hidden = 32};
  config.batch = kBatch;
  config.envs = 300;
  config.replay_capacity = 1000;
  config.updates_per_step = 2;
  return config;
}

TEST(LedLearner, TheReplayIsThatOfOneProcess) {
  const LearnerConfig config = training_config();
  const auto own = cpu::make_cpu_learner<float>(config);
  own->warm_up(5);
  together<float>(config, [&](Learner& learner) {
    learner.warm_up(5);
    EXPECT_EQ(own->newest(0, 1000), learner.newest(0, 1000));
    const Snapshot expected = own->snapshot(), snapshot = learner.snapshot();
    EXPECT_EQ(expected.agents[0].environments, snapshot.agents[0].environments);
    EXPECT_EQ(expected.agents[0].episode_steps, snapshot.agents[0].episode_steps);
    EXPECT_EQ(expected.agents[0].replay, snapshot.agents[0].replay);
  });
}

TEST(LedLearner, TrainingIsThatOfOneProcess) {
  const LearnerConfig config = training_config();
  const auto own = cpu::make_cpu_learner<double>(config);
  own->warm_up(4);
  own->train(5);
  together<double>(config, [&](Learner& learner) {
    learner.warm_up(4);
    learner.train(5);
    // Ten steps of Adam, which divides by the gradient's size: a small one's error grows.
    const std::vector<double> expected = own->state(0).parameters;
    const std::vector<double> parameters = learner.state(0).parameters;
    for (size_t i = 0; i < expected.size(); ++i) ASSERT_NEAR(expected[i], parameters[i], 1e-8);
    EXPECT_EQ(learner.progress().updates, 10);
  });
}

TEST(LedLearner, GoesOnFromASnapshotToTheBit) {
  Snapshot middle, end;
  together<float>(training_config(), [&](Learner& learner) {
    learner.warm_up(4);
    learner.train(3);
    middle = learner.snapshot();
    learner.train(3);
    end = learner.snapshot();
  });
  together<float>(training_config(), [&](Learner& learner) {
    learner.restore(middle);
    learner.train(3);
    const Snapshot again = learner.snapshot();
    EXPECT_EQ(again.agents[0].parameters, end.agents[0].parameters);
    EXPECT_EQ(again.agents[0].replay, end.agents[0].replay);
    EXPECT_EQ(again.agents[0].environments, end.agents[0].environments);
  });
}

TEST(LedLearner, CountsGoOnAndRetiredAgentsStay) {
  LearnerConfig config = training_config();
  config.agents = 2;
  together<float>(config, [&](Learner& learner) {
    learner.warm_up(4);
    learner.retire(0);
    Hyperparameters faster = config.hyper;
    faster.policy_lr = 1e-2;
    learner.set_hyperparameters(1, faster);
    const std::vector<double> before = learner.state(0).parameters;
    learner.train(1);
    EXPECT_EQ(learner.state(0).parameters, before);
    EXPECT_NE(learner.state(1).parameters, before);
    EXPECT_EQ(learner.episode_returns(1).size(), 300U);
  });
}

}  // namespace
}  // namespace sac::ranks
