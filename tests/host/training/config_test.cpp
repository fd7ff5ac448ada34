#include "host/training/config.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/support/usage_error_of.h"

namespace sac::training {
namespace {

TrainOptions pendulum() {
  TrainOptions options;
  options.env = "Pendulum-v1";
  options.device = "cpu";
  return options;
}

std::string resolve_error(const TrainOptions& options) {
  return usage_error_of([&] { resolve(options); });
}

TEST(Config, ArticlePresetIsTheArticle) {
  TrainOptions options = pendulum();
  options.preset = "article";
  const TrainConfig config = resolve(options);
  const LearnerConfig& c = config.learner;
  EXPECT_EQ(c.envs, 1);
  EXPECT_EQ(c.updates_per_step, 1);
  EXPECT_EQ(c.shape.hidden, 256);
  EXPECT_EQ(c.batch, 256);
  EXPECT_EQ(c.replay_capacity, 1'000'000);
  EXPECT_EQ(c.hyper.policy_lr, 3e-4);
  EXPECT_EQ(c.hyper.value_lr, 3e-4);
  EXPECT_EQ(c.hyper.q_lr, 3e-4);
  EXPECT_EQ(c.hyper.gamma, 0.99);
  EXPECT_EQ(c.hyper.tau, 0.005);
  EXPECT_EQ(c.hyper.reward_scale, 2);
  EXPECT_EQ(c.hyper.beta1, 0.9);
  EXPECT_EQ(c.hyper.beta2, 0.999);
  EXPECT_EQ(c.hyper.adam_eps, 1e-8);
  EXPECT_EQ(replay_ratio(c), 256);
}

TEST(Config, FastIsTheDefault) {
  TrainOptions options;
  options.device = "cpu";
  const TrainConfig config = resolve(options);
  EXPECT_EQ(config.preset, "fast");
  EXPECT_EQ(config.learner.envs, 4096);
  EXPECT_EQ(config.warmup, 4096);
  EXPECT_FALSE(leaves_more_unlearned_than_its_preset(config)) << "no warning of the defaults";
}

TEST(Config, ALowReplayRatioIsKnownUnlessItIsThePresets) {
  TrainOptions options;
  options.device = "cpu";
  for (const int updates : {1, 7, 8, 64}) {
    options.updates_per_step = updates;
    EXPECT_EQ(leaves_more_unlearned_than_its_preset(resolve(options)), updates < 8) << updates;
  }
  options = pendulum();
  options.envs = 1'000'000;
  EXPECT_FALSE(leaves_more_unlearned_than_its_preset(resolve(options)));
  options.batch = 32;
  EXPECT_TRUE(leaves_more_unlearned_than_its_preset(resolve(options)));
}

TEST(Config, FastUpdatesFollowTheEnvironments) {
  TrainOptions options = pendulum();
  for (const auto& [envs, updates] :
       {std::pair<int64_t, int>{1, 1}, {11, 1}, {12, 2}, {64, 8}, {512, 64}, {100'000, 64}}) {
    options.envs = envs;
    EXPECT_EQ(resolve(options).learner.updates_per_step, updates) << envs;
  }
}

TEST(Config, SacV2LearnsItsTemperatureUnlessItIsGiven) {
  TrainOptions options = pendulum();
  options.algorithm = "sac-v2";
  options.policy_lr = 0.01;
  LearnerConfig c = resolve(options).learner;
  EXPECT_EQ(c.shape.algorithm, Algorithm::sac_v2);
  EXPECT_EQ(c.alpha, 1);
  EXPECT_EQ(c.hyper.alpha_lr, 0.01);
  EXPECT_EQ(c.hyper.target_entropy, -1);
  options.target_entropy = -2.5;
  EXPECT_EQ(resolve(options).learner.hyper.target_entropy, -2.5);
  EXPECT_EQ(to_json(resolve(options)).at("target_entropy"), -2.5);
  EXPECT_TRUE(to_json(resolve(options)).at("alpha").is_null());
  options.alpha = 0.2;
  expect_names(resolve_error(options), "--target-entropy -2.5: --alpha 0.2 is not learned");
  options.target_entropy.reset();
  c = resolve(options).learner;
  EXPECT_EQ(c.alpha, 0.2);
  EXPECT_EQ(c.hyper.alpha_lr, 0);
  EXPECT_EQ(to_json(resolve(options)).at("alpha"), 0.2);
  EXPECT_EQ(to_json(resolve(options)).at("algorithm"), "sac-v2");
  options.preset = "article";
  EXPECT_EQ(resolve(options).learner.hyper.reward_scale, 1);
}

TEST(Config, TheAlgorithmIsTheOneThatTheTaskIsQuickerWith) {
  const auto algorithm = [](const TrainOptions& o) { return resolve(o).learner.shape.algorithm; };
  TrainOptions options = pendulum();
  EXPECT_EQ(algorithm(options), Algorithm::sac_v2);
  EXPECT_EQ(resolve(options).learner.hyper.reward_scale, 1);
  options.preset = "article";
  EXPECT_EQ(algorithm(options), Algorithm::sac_v1);
  options = pendulum();
  options.algorithm = "sac-v1";
  EXPECT_EQ(algorithm(options), Algorithm::sac_v1);
  options = {};
  options.device = "cpu";
  EXPECT_EQ(algorithm(options), Algorithm::sac_v1) << "the default task's";
}

TEST(Config, TheFirstAlgorithmHasNoTemperature) {
  TrainOptions options = pendulum();
  options.algorithm = "sac-v1";
  options.alpha = 0.2;
  expect_names(resolve_error(options), "--alpha 0.2: sac-v1 has no temperature");
  options = pendulum();
  options.algorithm = "sac";
  expect_names(resolve_error(options), "--algorithm sac: expected sac-v1 or sac-v2");
}

TEST(Config, AnOptionOverridesThePreset) {
  TrainOptions options = pendulum();
  options.envs = 3;
  options.hidden = 64;
  options.batch = 100;
  options.updates_per_step = 7;
  options.replay_size = 5000;
  options.warmup = 11;
  options.policy_lr = 0.1;
  options.value_lr = 0.2;
  options.gamma = 0.5;
  options.tau = 0.6;
  options.reward_scale = 9;
  options.eval_every = 12;
  options.eval_episodes = 13;
  options.threads = 5;
  const TrainConfig config = resolve(options);
  const LearnerConfig& c = config.learner;
  EXPECT_EQ(c.envs, 3);
  EXPECT_EQ(c.shape.hidden, 64);
  EXPECT_EQ(c.batch, 100);
  EXPECT_EQ(c.updates_per_step, 7);
  EXPECT_EQ(c.replay_capacity, 5000);
  EXPECT_EQ(config.warmup, 11);
  EXPECT_EQ(c.hyper.policy_lr, 0.1);
  EXPECT_EQ(c.hyper.value_lr, 0.2);
  EXPECT_EQ(c.hyper.q_lr, 0.2);
  EXPECT_EQ(c.hyper.gamma, 0.5);
  EXPECT_EQ(c.hyper.tau, 0.6);
  EXPECT_EQ(c.hyper.reward_scale, 9);
  EXPECT_EQ(config.eval_every, 12);
  EXPECT_EQ(config.eval_episodes, 13);
  EXPECT_EQ(c.threads, 5);
}

TEST(Config, TakesSizesFromTheEnvironment) {
  const TrainConfig config = resolve(pendulum());
  EXPECT_EQ(config.learner.shape.obs, 3);
  EXPECT_EQ(config.learner.shape.act, 1);
  EXPECT_EQ(config.learner.max_action, 2);
  EXPECT_EQ(config.eval_episodes, 100);  // as many as "solved" asks for
}

// A vector step adds `envs` transitions; learning starts once there is a batch.
TEST(Config, WarmUpFillsABatch) {
  TrainOptions options = pendulum();
  options.envs = 100;
  options.warmup = 0;
  options.batch = 256;
  EXPECT_EQ(warmup_vector_steps(resolve(options)), 3);
  options.warmup = 301;
  EXPECT_EQ(warmup_vector_steps(resolve(options)), 4);
}

TEST(Config, RefusesUnknownNames) {
  TrainOptions options = pendulum();
  options.env = "CartPole-v1";
  expect_names(resolve_error(options), "--env CartPole-v1: expected ");
  expect_names(resolve_error(options), "Pendulum-v1");
  options = pendulum();
  options.preset = "slow";
  expect_names(resolve_error(options), "--preset slow: expected fast or article");
  options = pendulum();
  options.device = "tpu";
  expect_names(resolve_error(options), "--device tpu: expected auto, cuda or cpu");
}

TEST(Config, RefusesSizesThatDoNotFitEachOther) {
  TrainOptions options = pendulum();
  options.envs = 1001;
  options.replay_size = 1000;
  expect_names(resolve_error(options), "--envs 1001: more than --replay-size 1000");
  options.envs = 10;
  options.batch = 1001;
  expect_names(resolve_error(options), "--batch 1001: more than --replay-size 1000");
  options.batch = 10;
  options.warmup = 1001;
  EXPECT_EQ(resolve_error(options), "--warmup 1001: more than --replay-size 1000 can hold");
  options.warmup = 1000;
  EXPECT_EQ(resolve(options).warmup, 1000);
}

TEST(Config, TheWarmUpThatNobodyAskedForFitsTheReplay) {
  TrainOptions options = pendulum();
  EXPECT_EQ(resolve(options).warmup, 1000);
  options.envs = 10;
  options.replay_size = 300;
  EXPECT_EQ(resolve(options).warmup, 300);
}

TEST(Config, RefusesStepsThatEndBeforeTheFirstGradientStep) {
  TrainOptions options = pendulum();
  options.envs = 100;
  options.batch = 256;
  options.warmup = 0;
  options.steps = 300;  // three vector steps fill a batch
  EXPECT_EQ(resolve_error(options),
            "--steps 300: the warm-up takes 300 (--warmup 0, --batch 256, --envs 100); expected "
            "more, or nothing is learned");
  options.steps = 301;
  EXPECT_EQ(resolve(options).steps, 301);
  options.warmup = 301;
  expect_names(resolve_error(options), "--steps 301: the warm-up takes 400 (--warmup 301,");
}

TEST(Config, RefusesWhatIsTooLargeForMemory) {
  TrainOptions options = pendulum();
  options.replay_size = 4'000'000'000;
  options.agents = 1000;
  expect_names(resolve_error(options), "this machine has");
  options = pendulum();
  options.hidden = 4096;
  options.agents = 4096;
  expect_names(resolve_error(options), "--hidden 4096");
  options = pendulum();
  options.batch = 1 << 20;
  options.replay_size = 1 << 20;
  options.hidden = 4096;
  options.agents = 100;
  expect_names(resolve_error(options), "--batch 1048576");
}

// A state is a few numbers; activations are those of a tile.
TEST(Config, ManyEnvironmentsFitTheMemoryOfTheCpu) {
  TrainOptions options = pendulum();
  options.envs = 1'000'000;
  options.hidden = 1024;
  EXPECT_EQ(resolve(options).learner.envs, 1'000'000);
}

TEST(Config, JsonHoldsEverythingResolved) {
  TrainOptions options = pendulum();
  options.steps = 5000;
  options.seed = UINT64_MAX;
  const nlohmann::json json = to_json(resolve(options));
  EXPECT_EQ(json["env"], "Pendulum-v1");
  EXPECT_EQ(json["version"], SAC_VERSION);
  EXPECT_EQ(json["device"], "cpu");
  EXPECT_EQ(json["steps"], 5000);
  EXPECT_TRUE(json["updates"].is_null());
  EXPECT_EQ(json["seed"], UINT64_MAX);
  EXPECT_EQ(json["envs"], 64);
  EXPECT_EQ(json["tau"], 0.02);
}

TEST(Config, ThePresetLimitsARunThatNobodyHasLimited) {
  TrainOptions options;
  options.device = "cpu";
  options.env = "Pendulum-v1";
  EXPECT_EQ(update_limit(resolve(options)), 30'000);
  options.preset = "article";
  EXPECT_FALSE(update_limit(resolve(options)).has_value());
  options.preset = "fast";
  const auto limit_with = [&](auto change) {
    TrainOptions changed = options;
    change(changed);
    return update_limit(resolve(changed));
  };
  EXPECT_EQ(limit_with([](TrainOptions& o) { o.updates = 70'000; }), 70'000);
  EXPECT_FALSE(limit_with([](TrainOptions& o) { o.steps = 1'000'000; }).has_value());
  EXPECT_FALSE(limit_with([](TrainOptions& o) { o.time_limit = 60; }).has_value());
  EXPECT_FALSE(limit_with([](TrainOptions& o) { o.keep_going = true; }).has_value());
}

}  // namespace
}  // namespace sac::training
