// The rollout, record by record, against the simulators and the policy in double.
#include <gtest/gtest.h>

#include <cmath>

#include "host/base/environments.h"
#include "kernels/env/registry.h"
#include "tests/gpu/error_budget.h"
#include "tests/gpu/started.h"
#include "tests/gpu/ways.h"

namespace sac {
namespace {

LearnerConfig config_of(const Way& way, int environment) {
  const env::EnvironmentInfo& info = env::Environments::info[environment];
  LearnerConfig c;
  c.environment = environment;
  take(way, c);
  c.shape = {.obs = info.obs, .act = info.act, .hidden = width_of(way.mlp)};
  c.max_action = info.max_action;
  c.envs = 37;  // a tile and five
  c.agents = 2;
  c.seed = 9;
  c.replay_capacity = 37 * 40;  // every step's slots are kept
  return c;
}

/// What warm-up does.
std::vector<double> uniform_action(const LearnerConfig& c, RandomKey key, uint32_t env,
                                   uint64_t step) {
  std::vector<double> action;
  for (uint32_t a = 0; a < static_cast<uint32_t>(c.shape.act); ++a) {
    const uint32_t element = env * static_cast<uint32_t>(c.shape.act) + a;
    const uint32_t word = random_word(key, Purpose::warm_up, element, step);
    action.push_back(c.max_action * (2 * uniform01<double>(word) - 1));
  }
  return action;
}

/// What the policy does with the observation, in double.
std::vector<double> policy_action(const LearnerConfig& c, const std::vector<double>& p,
                                  const std::vector<double>& obs, RandomKey key, uint32_t env,
                                  uint64_t step) {
  const NetworkLayout l = network_layout(c.shape, Network::pi);
  const auto layer = [&p](const std::vector<double>& x, size_t w, size_t b, int out, bool relu) {
    std::vector<double> y;
    for (int j = 0; j < out; ++j) {
      double sum = p[b + static_cast<size_t>(j)];
      for (size_t i = 0; i < x.size(); ++i) {
        sum += p[w + static_cast<size_t>(j) * x.size() + i] * x[i];
      }
      y.push_back(relu ? std::max(sum, 0.0) : sum);
    }
    return y;
  };
  const std::vector<double> h1 = layer(obs, l.w1, l.b1, l.hidden, true);
  const std::vector<double> h2 = layer(h1, l.w2, l.b2, l.hidden, true);
  const std::vector<double> heads = layer(h2, l.w3, l.b3, l.out, false);
  std::vector<double> action;
  for (uint32_t a = 0; a < static_cast<uint32_t>(c.shape.act); ++a) {
    const uint32_t element = env * static_cast<uint32_t>(c.shape.act) + a;
    const double noise = random_normal<double>(key, Purpose::explore, element, step);
    const double log_std = heads[static_cast<size_t>(c.shape.act) + a];
    action.push_back(tanh_gaussian_sample(heads[a], log_std, noise, c.max_action).action);
  }
  return action;
}

/// Plays agent `agent`'s environments in double with the recorded actions, through resets, and
/// compares every record. The simulators' rounding grows by a few percent per step for the tens of
/// steps of an episode; observations and rewards are of order one to ten. An action is off by what
/// rounding the operands of one product makes of the policy's outputs: half a unit in the last
/// place of sums that are of order one, times a log-std's effect at noise of up to four.
template <template <class> class E>
void expect_records(const LearnerConfig& c, const std::vector<float>& records,
                    const std::vector<double>& parameters, int agent, uint64_t warm_up,
                    uint64_t steps) {
  const env::EnvironmentInfo& info = E<double>::info;
  const RecordLayout layout = record_layout(c.shape);
  const RandomKey key = {c.seed + static_cast<uint64_t>(agent)};
  ErrorBudget budget(std::string(info.id) + ", agent " + std::to_string(agent) + ", " +
                     way_name({c.mlp, c.precision}));
  int resets = 0;
  for (uint32_t e = 0; e < static_cast<uint32_t>(c.envs); ++e) {
    ResetDraws<double> first(key, Purpose::reset, e, 0);
    auto state = E<double>::reset(first);
    const bool staggered = env::staggers_time_limits(
        static_cast<uint64_t>(c.envs), static_cast<uint64_t>(c.replay_capacity), info.time_limit);
    int count =
        staggered ? env::staggered_start(e, static_cast<uint64_t>(c.envs), info.time_limit) : 0;
    for (uint64_t t = 0; t < steps; ++t) {
      const size_t at = replay_slot(t, static_cast<uint64_t>(c.envs), e,
                                    static_cast<uint64_t>(c.replay_capacity)) *
                        static_cast<size_t>(layout.size);
      const std::vector<double> record(records.begin() + static_cast<ptrdiff_t>(at),
                                       records.begin() + static_cast<ptrdiff_t>(at) + layout.size);
      std::vector<double> expected(record.size(), 0.0);
      E<double>::observe(state, expected.data());
      const std::vector<double> obs(record.begin(), record.begin() + c.shape.obs);
      const std::vector<double> action =
          t < warm_up ? uniform_action(c, key, e, t) : policy_action(c, parameters, obs, key, e, t);
      std::copy(action.begin(), action.end(), expected.begin() + layout.action);
      const size_t first_action = static_cast<size_t>(layout.action), actions = action.size();
      budget.expect_close("action", record, expected, first_action, actions,
                          2e-4 + 4 * gradcheck::operand_rounding(c.precision) * c.max_action);
      std::copy_n(record.begin() + layout.action, actions, expected.begin() + layout.action);
      const env::Outcome<double> outcome =
          E<double>::step(state, &record[static_cast<size_t>(layout.action)]);
      expected[static_cast<size_t>(layout.reward)] = outcome.reward;
      expected[static_cast<size_t>(layout.terminated)] = outcome.terminated;
      E<double>::observe(state, &expected[static_cast<size_t>(layout.next_obs)]);
      budget.expect_close("record", record, expected, 0, record.size(), 2e-4);
      const bool at_limit = ++count == info.time_limit;
      if (outcome.terminated || at_limit) {
        ++resets;
        if (at_limit || !staggered) count = 0;
        ResetDraws<double> draws(key, Purpose::reset, e, t + 1);
        state = E<double>::reset(draws);
      }
    }
  }
  if (std::string(info.id) == "InvertedPendulumBulletEnv-v0") {
    EXPECT_GT(resets, 10);
  }
}

class KernelRollout : public testing::TestWithParam<Way> {};

TEST_P(KernelRollout, RecordsAreThoseOfTheSimulatorsAndThePolicy) {
  constexpr int kWarmUp = 7, kSteps = 40;
  for (int environment = 0; environment < env::Environments::size; ++environment) {
    const LearnerConfig c = config_of(GetParam(), environment);
    const Started learner(c);
    const DeviceState& d = learner.memory.device();
    learner.backend->rollout(d, kWarmUp, true);
    learner.backend->rollout(d, 1, false);
    learner.backend->rollout(d, kSteps - kWarmUp - 1, false);
    const std::vector<float> replay = learner.replay();
    EXPECT_EQ(learner.memory.progress().vector_steps, kSteps);
    const auto count = static_cast<std::ptrdiff_t>(replay.size()) / c.agents;
    for (int agent = 0; agent < c.agents; ++agent) {
      const std::vector<float> records(replay.begin() + agent * count,
                                       replay.begin() + (agent + 1) * count);
      const std::vector<double> parameters = learner.memory.state(agent).parameters;
      env::Environments::visit(environment, [&]<template <class> class E>() {
        expect_records<E>(c, records, parameters, agent, kWarmUp, kSteps);
      });
    }
  }
}

/// Every environment's count after so many more steps of warm-up.
std::vector<int> episode_steps_after(const Started& learner, int steps) {
  const DeviceState& d = learner.memory.device();
  for (int t = 0; t < steps; ++t) learner.backend->rollout(d, 1, true);
  learner.stream.synchronise();
  std::vector<int> counts(d.envs * static_cast<size_t>(d.agents));
  check(cudaMemcpy(counts.data(), d.episode_steps, counts.size() * sizeof(int),
                   cudaMemcpyDeviceToHost),
        "cudaMemcpy");
  return counts;
}

// Pendulum-v1 never terminates: its 200th step is the last of an episode for every environment.
TEST_P(KernelRollout, AnEpisodeIsCutAtItsTimeLimit) {
  LearnerConfig c = config_of(GetParam(), environment_index("Pendulum-v1"));
  const int limit = env::Environments::info[c.environment].time_limit;
  c.replay_capacity = c.envs * limit;
  const Started learner(c);
  const std::vector<int> all(static_cast<size_t>(c.envs * c.agents), 1);
  EXPECT_EQ(episode_steps_after(learner, 1), all);
  EXPECT_EQ(episode_steps_after(learner, limit - 2), std::vector<int>(all.size(), limit - 1));
  EXPECT_EQ(episode_steps_after(learner, 2), all);
}

// One transition less in the replay, and every environment has a time limit of its own.
TEST_P(KernelRollout, TimeLimitsAreStaggeredWhereTheReplayHoldsLessThanEpisodes) {
  LearnerConfig c = config_of(GetParam(), environment_index("Pendulum-v1"));
  const int limit = env::Environments::info[c.environment].time_limit;
  c.replay_capacity = c.envs * limit - 1;
  const Started learner(c);
  const int steps = limit / 2;
  const std::vector<int> counts = episode_steps_after(learner, steps);
  for (size_t i = 0; i < counts.size(); ++i) {
    const auto e = static_cast<int64_t>(i) % c.envs;
    EXPECT_EQ(counts[i], (e * limit / c.envs + steps) % limit) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Ways, KernelRollout, acting_ways(), name_of_way);

}  // namespace
}  // namespace sac
