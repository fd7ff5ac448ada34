#include "host/cpu/cpu_learner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <ranges>
#include <set>
#include <span>
#include <utility>

#include "host/base/environments.h"
#include "host/cpu/rollout.h"
#include "kernels/env/registry.h"
#include "tests/support/late_counts.h"
#include "tests/support/other_hyperparameters.h"

namespace sac::cpu {
namespace {

LearnerConfig small_config(int environment = 0) {
  const env::EnvironmentInfo& info = env::Environments::info[environment];
  LearnerConfig c;
  c.environment = environment;
  c.shape = {.obs = info.obs, .act = info.act, .hidden = 32};
  c.max_action = info.max_action;
  c.batch = 37;
  c.envs = 150;  // more than one tile
  c.updates_per_step = 3;
  c.replay_capacity = 1000;  // wraps within a tile after a few steps
  c.seed = 5;
  return c;
}

std::vector<double> train(LearnerConfig c, int agent = 0, int64_t cycles = 12) {
  const auto learner = make_cpu_learner<float>(c);
  learner->warm_up(2);
  learner->train(cycles);
  return learner->state(agent).parameters;
}

TEST(CpuLearner, BitsDoNotDependOnTheNumberOfThreads) {
  LearnerConfig c = small_config();
  const std::vector<double> one = train(c);
  for (const int threads : {2, 3, 8}) {
    c.threads = threads;
    EXPECT_EQ(train(c), one) << threads << " threads";
  }
}

TEST(CpuLearner, BitsDoNotDependOnTheNumberOfThreadsInBf16) {
  LearnerConfig c = small_config();
  const std::vector<double> fp32 = train(c);
  c.precision = Precision::bf16;
  const std::vector<double> one = train(c);
  EXPECT_NE(one, fp32);
  c.threads = 3;
  EXPECT_EQ(train(c), one);
}

TEST(CpuLearner, SeedsMatter) {
  LearnerConfig c = small_config();
  const std::vector<double> one = train(c);
  ++c.seed;
  EXPECT_NE(train(c), one);
}

TEST(CpuLearner, AnAgentIsTheRunOfItsSeed) {
  LearnerConfig c = small_config();
  c.agents = 3;
  const std::vector<double> second = train(c, 1), third = train(c, 2);
  c.agents = 1;
  c.seed += 1;
  EXPECT_EQ(train(c), second);
  c.seed += 1;
  EXPECT_EQ(train(c), third);
}

// So many that a worker takes an agent through all updates of a cycle.
TEST(CpuLearner, AnAgentOfManyIsTheRunOfItsSeed) {
  LearnerConfig c = small_config();
  c.seed += 13;
  const std::vector<double> alone = train(c);
  c.seed -= 13;
  c.agents = 17;
  for (const int threads : {1, 2, 3}) {
    c.threads = threads;
    EXPECT_EQ(train(c, 13), alone) << threads << " threads";
  }
}

TEST(CpuLearner, CyclesMayBeTakenInPieces) {
  const LearnerConfig c = small_config();
  const auto learner = make_cpu_learner<float>(c);
  learner->warm_up(1);
  learner->warm_up(1);
  for (const int64_t cycles : {1, 4, 7}) {
    learner->train(cycles);
    learner->evaluate({.episodes = 3, .seed = 1});  // leaves the training state alone
  }
  EXPECT_EQ(learner->state(0).parameters, train(c));
  EXPECT_EQ(learner->progress().vector_steps, 14);
  EXPECT_EQ(learner->progress().updates, 36);
}

TEST(CpuLearner, NoUpdateBeforeTheReplayHoldsABatch) {
  LearnerConfig c = small_config();
  c.envs = 10;  // 37 transitions are there after the fourth step
  const auto learner = make_cpu_learner<float>(c);
  const std::vector<double> before = learner->state(0).parameters;
  learner->train(3);
  EXPECT_EQ(learner->progress().updates, 0);
  EXPECT_EQ(learner->state(0).parameters, before);
  learner->train(1);
  EXPECT_EQ(learner->progress().updates, 3);
  EXPECT_NE(learner->state(0).parameters, before);
}

TEST(CpuLearner, InitialisationIsPyTorchsDefault) {
  LearnerConfig c = small_config();
  c.shape.hidden = 256;
  const std::vector<double> p = make_cpu_learner<double>(c)->state(0).parameters;
  for (int n = 0; n < kNetworks; ++n) {
    const NetworkLayout l = network_layout(c.shape, static_cast<Network>(n));
    const auto check = [&](size_t offset, size_t count, int fan_in) {
      const double bound = 1 / std::sqrt(fan_in);
      double largest = 0, square = 0;
      for (size_t i = offset; i < offset + count; ++i) {
        largest = std::max(largest, std::abs(p[i]));
        square += p[i] * p[i];
      }
      EXPECT_LT(largest, bound);
      if (count < 200) return;
      EXPECT_GT(largest, 0.9 * bound);
      // The variance of U(-b, b) is b^2 / 3; its estimate has a relative deviation of 0.9/sqrt(n).
      EXPECT_NEAR(square / static_cast<double>(count) / (bound * bound / 3), 1,
                  5 * 0.9 / std::sqrt(static_cast<double>(count)));
    };
    const size_t h = 256;
    check(l.w1, h * static_cast<size_t>(l.in), l.in);
    check(l.b1, h, l.in);
    check(l.w2, h * h, 256);
    check(l.w3, h * static_cast<size_t>(l.out), 256);
    check(l.b3, static_cast<size_t>(l.out), 256);
  }
}

TEST(CpuLearner, SaveAndReloadGiveTheSameBits) {
  const LearnerConfig c = small_config();
  const auto first = make_cpu_learner<float>(c);
  first->warm_up(2);
  first->train(5);
  const AgentState saved = first->state(0);
  LearnerConfig other = c;
  other.seed = 99;
  const auto second = make_cpu_learner<float>(other);
  second->load(0, saved);
  EXPECT_EQ(second->state(0).parameters, saved.parameters);
  EXPECT_EQ(second->state(0).updates, 15);
  EXPECT_EQ(second->evaluate({.episodes = 5, .seed = 3})[0].returns,
            first->evaluate({.episodes = 5, .seed = 3})[0].returns);
}

void expect_same_state(Learner& a, Learner& b, int agent) {
  const AgentState x = a.state(agent), y = b.state(agent);
  EXPECT_EQ(x.parameters, y.parameters);
  EXPECT_EQ(x.adam_m, y.adam_m);
  EXPECT_EQ(x.adam_v, y.adam_v);
  EXPECT_EQ(x.updates, y.updates);
}

// Before the replay wraps and after it; in warm-up too.
TEST(CpuLearner, ARestoredLearnerGoesOnToTheBit) {
  for (const Precision precision : {Precision::fp32, Precision::bf16}) {
    for (const int64_t cycles : {0, 2, 9}) {
      LearnerConfig c = small_config();
      c.agents = 2;
      c.precision = precision;
      const auto first = make_cpu_learner<float>(c), second = make_cpu_learner<float>(c);
      first->warm_up(2);
      first->train(cycles);
      second->train(1);  // what it did before is forgotten
      second->restore(first->snapshot());
      EXPECT_EQ(second->losses()[1].q1, first->losses()[1].q1);
      for (const auto& learner : {first.get(), second.get()}) {
        learner->warm_up(1);
        learner->train(5);
      }
      for (const int agent : {0, 1}) expect_same_state(*first, *second, agent);
      EXPECT_EQ(second->progress().vector_steps, first->progress().vector_steps);
      EXPECT_EQ(second->losses()[1].q1, first->losses()[1].q1);
    }
  }
}

TEST(CpuLearner, RefusesASnapshotOfAnotherConfiguration) {
  LearnerConfig c = small_config();
  const Snapshot snapshot = make_cpu_learner<float>(c)->snapshot();
  ++c.envs;
  EXPECT_THROW(make_cpu_learner<float>(c)->restore(snapshot), std::invalid_argument);
  c = small_config();
  ++c.agents;
  EXPECT_THROW(make_cpu_learner<float>(c)->restore(snapshot), std::invalid_argument);
}

// A parameter spoilt before step 10 shows in its losses, to the end; the other agent's stay.
TEST(CpuLearner, KnowsTheStepThatWasNotFinite) {
  LearnerConfig c = small_config();
  c.agents = 2;
  const auto learner = make_cpu_learner<float>(c), undisturbed = make_cpu_learner<float>(c);
  for (const auto& l : {learner.get(), undisturbed.get()}) {
    l->warm_up(1);
    l->train(3);
  }
  EXPECT_EQ(learner->losses()[1].not_finite_since, 0);
  AgentState spoilt = learner->state(1);
  spoilt.parameters[network_layout(c.shape, Network::q1).b3] = NAN;
  learner->load(1, spoilt);
  for (const auto& l : {learner.get(), undisturbed.get()}) l->train(2);
  EXPECT_EQ(learner->losses()[1].not_finite_since, 10);
  EXPECT_EQ(learner->losses()[0].not_finite_since, 0);
  expect_same_state(*learner, *undisturbed, 0);
}

TEST(CpuLearner, AnAgentHasHyperparametersOfItsOwn) {
  LearnerConfig c = small_config();
  c.agents = 2;
  const auto learner = make_cpu_learner<float>(c), undisturbed = make_cpu_learner<float>(c);
  for (const auto& l : {learner.get(), undisturbed.get()}) {
    l->warm_up(1);
    l->train(3);
  }
  LearnerConfig other = c;
  other.hyper = other_hyperparameters();
  const auto all_other = make_cpu_learner<float>(other);
  all_other->restore(learner->snapshot());
  learner->set_hyperparameters(1, other.hyper);
  for (const auto& l : {learner.get(), undisturbed.get(), all_other.get()}) l->train(2);
  expect_same_state(*learner, *all_other, 1);
  expect_same_state(*learner, *undisturbed, 0);
}

TEST(CpuLearner, AnEvaluationCanBeGivenUp) {
  LearnerConfig c = small_config();
  c.threads = 2;
  const auto learner = make_cpu_learner<float>(c);
  std::atomic<int> asked = 0;
  EXPECT_TRUE(learner->evaluate({.episodes = 1000}, [&] { return ++asked > 3; }).empty());
  EXPECT_LE(asked, 3 + 2) << "one more of each thread";
  EXPECT_EQ(learner->evaluate({.episodes = 10}).front().returns.size(), 10u);
}

TEST(CpuLearner, RefusesVectorsOfTheWrongSize) {
  const auto learner = make_cpu_learner<float>(small_config());
  AgentState state = learner->state(0);
  state.adam_m.pop_back();
  EXPECT_THROW(learner->load(0, state), std::invalid_argument);
}

// What the replay holds after a few steps, record by record, against a simulator of its own.
TEST(CpuLearner, ReplayHoldsWhatTheEnvironmentsDid) {
  LearnerConfig c = small_config();
  c.envs = 131;
  c.replay_capacity = 131 * 3 + 7;
  Team team(2, keep_products_on_one_thread);
  std::vector<Agent<Float64>> agents;
  agents.emplace_back(c, RandomKey{c.seed}, ranks::Part{0, 1});
  Rollout<Float64> rollout(c, team);
  const auto envs =
      simulation::make_environment_batch<double>(c.environment, c.envs, RandomKey{c.seed});
  envs->reset(0, c.envs, Purpose::reset, 0);
  envs->stagger();  // as the replay holds few steps
  const RecordLayout r = record_layout(c.shape);
  const int64_t obs = c.shape.obs;
  std::vector<double> before(static_cast<size_t>(c.envs * obs)), next(before.size());
  std::vector<double> action(static_cast<size_t>(c.envs)), reward(action), terminated(action),
      truncated(action);
  std::vector<float> running(action.size()), last(action.size(), NAN);
  int64_t ends = 0;
  for (uint64_t t = 0; t < 40; ++t) {
    rollout.step(agents, std::array{0}, t, Rollout<Float64>::Actions::random);
    envs->observe(0, c.envs, {before.data(), obs});
    for (uint32_t e = 0; e < action.size(); ++e) {
      action[e] =
          c.max_action * (2 * uniform01<double>(random_word({c.seed}, Purpose::warm_up, e, t)) - 1);
    }
    envs->step(
        0, c.envs, t, {action.data(), 1},
        {{reward.data(), 1}, {terminated.data(), 1}, {truncated.data(), 1}, {next.data(), obs}});
    for (size_t e = 0; e < action.size(); ++e) {
      const double* record =
          &agents[0].replay[replay_slot(t, 131, e, static_cast<uint64_t>(c.replay_capacity)) *
                            static_cast<size_t>(r.size)];
      for (size_t i = 0; i < static_cast<size_t>(obs); ++i) {
        ASSERT_EQ(record[i], before[e * static_cast<size_t>(obs) + i]);
        ASSERT_EQ(record[static_cast<size_t>(r.next_obs) + i],
                  next[e * static_cast<size_t>(obs) + i]);
      }
      ASSERT_EQ(record[r.action], action[e]);
      ASSERT_EQ(record[r.reward], reward[e]);
      ASSERT_EQ(record[r.terminated], terminated[e]);
      ends += terminated[e] != 0;
      running[e] += static_cast<float>(reward[e]);
      if (terminated[e] != 0 || truncated[e] != 0) last[e] = std::exchange(running[e], 0.0f);
    }
  }
  const std::span<const float> returns = rollout.episode_returns(0);
  for (size_t e = 0; e < action.size(); ++e) {
    EXPECT_EQ(returns[e], running[e]) << e;
    const float got = returns[action.size() + e];
    EXPECT_TRUE(got == last[e] || (std::isnan(got) && std::isnan(last[e]))) << e << ": " << got;
  }
  EXPECT_GT(ends, 50) << "random actions drop the pole";
}

LearnerConfig pendulum_config(double learning_rate) {
  LearnerConfig c = small_config(environment_index("Pendulum-v1"));
  c.replay_capacity = 100'000;
  c.hyper.gamma = 0.97;
  c.hyper.tau = 0.02;
  c.hyper.reward_scale = 1;
  c.hyper.policy_lr = c.hyper.value_lr = c.hyper.q_lr = learning_rate;
  return c;
}

TEST(CpuLearner, CountsWrapNowhere) {
  for (const Precision precision : {Precision::fp32, Precision::bf16}) {
    LearnerConfig c = small_config();
    c.precision = precision;
    expect_counts_that_wrap_nowhere(c, make_cpu_learner<float>);
  }
}

TEST(CpuLearner, RetiredAgentsStayAsTheyAreAndOthersGoOn) {
  LearnerConfig c = small_config();
  c.agents = 3;
  const auto learner = make_cpu_learner<float>(c);
  learner->warm_up(2);
  learner->train(5);
  const std::vector<double> before = learner->state(1).parameters;
  const std::vector<float> replay = learner->snapshot().agents[1].replay;
  learner->retire(1);
  learner->train(7);
  EXPECT_EQ(learner->state(1).parameters, before);
  EXPECT_TRUE(std::ranges::equal(
      replay, learner->snapshot().agents[1].replay | std::views::take(replay.size())));
  EXPECT_EQ(learner->progress().updates, 12 * c.updates_per_step);
  for (const int p : {0, 2}) EXPECT_EQ(learner->state(p).parameters, train(c, p)) << p;
}

TEST(CpuLearner, OnlyThoseOfThePlanPlay) {
  LearnerConfig c = small_config();
  c.agents = 3;
  const auto learner = make_cpu_learner<float>(c);
  learner->retire(2);
  EpisodePlan plan{.episodes = 5, .seed = 3};
  const std::vector<Evaluation> all = learner->evaluate(plan);
  plan.agents = {false, true, true};
  const std::vector<Evaluation> some = learner->evaluate(plan);
  ASSERT_EQ(some.size(), 3u);
  EXPECT_TRUE(some[0].returns.empty());
  for (const size_t p : {1, 2}) EXPECT_EQ(some[p].returns, all[p].returns);
}

// Lengths and returns of Pendulum-v1 follow from the start state: equal ones would show.
TEST(CpuLearner, EvaluationsOfOtherPurposeNumberOrSeedStartElsewhere) {
  LearnerConfig c = pendulum_config(4e-3);
  c.agents = 2;
  const auto learner = make_cpu_learner<float>(c);
  const EpisodePlan plan{.episodes = 4, .seed = 3, .purpose = Purpose::monitor};
  EpisodePlan command = plan, next = plan, other_seed = plan;
  command.purpose = Purpose::evaluate;
  next.number = 1;
  other_seed.seed = 4;
  std::set<double> returns;
  for (const EpisodePlan& p : {plan, command, next, other_seed}) {
    const std::vector<double> of_agent = learner->evaluate(p)[0].returns;
    returns.insert(of_agent.begin(), of_agent.end());
  }
  EXPECT_EQ(returns.size(), 16u);
  EXPECT_EQ(learner->evaluate(plan)[0].returns, learner->evaluate(plan)[0].returns);
}

TEST(CpuLearner, SampledActionsKeepTheirBits) {
  LearnerConfig c = pendulum_config(4e-3);
  const EpisodePlan plan{.episodes = 40, .seed = 3, .sampled = true};
  std::vector<double> first;
  for (const int threads : {1, 3}) {
    c.threads = threads;
    const auto learner = make_cpu_learner<float>(c);
    const std::vector<double> returns = learner->evaluate(plan)[0].returns;
    if (first.empty()) first = returns;
    EXPECT_EQ(returns, first);
    EXPECT_NE(returns, learner->evaluate({.episodes = 40, .seed = 3})[0].returns);
  }
}

/// Gradient steps until the mean of 20 episodes of Pendulum-v1 is above -200, in steps of 400.
int64_t updates_to_solve(Precision precision) {
  LearnerConfig c = pendulum_config(2e-3);
  c.shape.hidden = 64;
  c.envs = 64;
  c.batch = 64;
  c.updates_per_step = 8;
  c.precision = precision;
  const auto learner = make_cpu_learner<float>(c);
  learner->warm_up(16);
  constexpr int64_t kGiveUp = 20'000;
  while (learner->progress().updates < kGiveUp) {
    learner->train(50);
    double mean = 0;
    const Evaluation evaluation = learner->evaluate({.episodes = 20, .seed = 1}).front();
    for (const double r : evaluation.returns) mean += r / 20;
    if (mean > -200) break;
  }
  return learner->progress().updates;
}

// Operands of eight bits must not change what is learnt: at most about twice the updates.
TEST(CpuLearner, Bf16SolvesPendulumAboutAsFast) {
  const int64_t fp32 = updates_to_solve(Precision::fp32), bf16 = updates_to_solve(Precision::bf16);
  std::printf("  solved after %lld updates in fp32, %lld in bf16\n", static_cast<long long>(fp32),
              static_cast<long long>(bf16));
  EXPECT_LE(fp32, 6000);
  EXPECT_LE(bf16, 2 * fp32 + 400);
}

// A learner that learns: two minutes of Pendulum-v1 are not needed to see the value loss fall and
// the return rise far above that of the untrained policy.
TEST(CpuLearner, LearnsPendulum) {
  LearnerConfig c = pendulum_config(4e-3);
  c.envs = 16;
  c.batch = 128;
  c.updates_per_step = 4;
  const auto learner = make_cpu_learner<float>(c);
  learner->warm_up(64);
  learner->train(500);
  double mean = 0;
  const Evaluation evaluation = learner->evaluate({.episodes = 100, .seed = 1}).front();
  for (const double r : evaluation.returns) mean += r / 100;
  EXPECT_GT(mean, -300) << "an untrained policy scores about -1500";
}

}  // namespace
}  // namespace sac::cpu
