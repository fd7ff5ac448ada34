#include "host/simulation/environment_batch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "host/base/environments.h"
#include "kernels/env/registry.h"
#include "kernels/layout.h"

namespace sac::simulation {
namespace {

constexpr RandomKey kKey{11};

/// A batch with buffers for whole vector steps.
template <class T>
struct Bench {
  Bench(int index, int64_t environments, RandomKey key = kKey)
      : n(environments),
        obs_width(env::Environments::info[index].obs),
        batch(make_environment_batch<T>(index, n, key)),
        action(n),
        reward(n),
        terminated(n),
        truncated(n),
        next_obs(n * obs_width),
        obs(n * obs_width) {
    batch->reset(0, n, Purpose::reset, 0);
    batch->observe(0, n, {obs.data(), obs_width});
  }

  /// Steps environments [begin, end) and observes them.
  void step(int64_t begin, int64_t end, uint64_t t) {
    batch->step(begin, end, t, {action.data() + begin, 1},
                {.reward = {reward.data() + begin, 1},
                 .terminated = {terminated.data() + begin, 1},
                 .truncated = {truncated.data() + begin, 1},
                 .next_obs = {next_obs.data() + begin * obs_width, obs_width}});
    batch->observe(begin, end, {obs.data() + begin * obs_width, obs_width});
  }

  /// Uniform random actions for vector step t.
  void choose_randomly(uint64_t t) {
    const T bound = static_cast<T>(batch->info().max_action);
    for (int64_t e = 0; e < n; ++e) {
      const uint32_t word = random_word(kKey, Purpose::warm_up, static_cast<uint32_t>(e), t);
      action[e] = bound * (2 * uniform01<T>(word) - 1);
    }
  }

  int64_t n, obs_width;
  std::unique_ptr<EnvironmentBatch<T>> batch;
  std::vector<T> action, reward, terminated, truncated, next_obs, obs;
};

/// Runs one environment by hand, next to environment e of a batch, each step from the batch's own
/// state: a compiler may round the same expression differently where it fuses other operations, and
/// over an episode of a swinging pendulum such an error grows ten-millionfold.
template <class T, template <class> class E>
class ByHand {
 public:
  explicit ByHand(uint32_t e) : e_(e) { start(0); }

  /// Before the batch's step.
  void take_state(const Bench<T>& bench) {
    std::array<T, E<T>::info.state> values;
    for (size_t i = 0; i < values.size(); ++i) values[i] = bench.batch->states()[i * bench.n + e_];
    state_ = std::bit_cast<typename E<T>::State>(values);
  }

  /// After it.
  void expect_step(const Bench<T>& bench, uint64_t t) {
    const env::Outcome<T> outcome = E<T>::step(state_, &bench.action[e_]);
    const bool at_limit = ++steps_ == E<T>::info.time_limit;
    EXPECT_NEAR(bench.reward[e_], outcome.reward, kRounding);
    EXPECT_EQ(bench.terminated[e_], outcome.terminated);
    EXPECT_EQ(bench.truncated[e_], at_limit && !outcome.terminated);
    expect_observed(bench.next_obs);
    if (outcome.terminated || at_limit) start(t + 1);
    expect_observed(bench.obs);
  }

  void expect_observed(const std::vector<T>& rows) const {
    std::array<T, E<T>::info.obs> obs;
    E<T>::observe(state_, obs.data());
    for (size_t i = 0; i < obs.size(); ++i) {
      EXPECT_NEAR(rows[e_ * obs.size() + i], obs[i], kRounding);
    }
  }

 private:
  void start(uint64_t step) {
    ResetDraws<T> draws(kKey, Purpose::reset, e_, step);
    state_ = E<T>::reset(draws);
    steps_ = 0;
  }

  /// Observations and rewards are at most sixteen; a step rounds such a number a few times.
  static constexpr T kRounding = 100 * std::numeric_limits<T>::epsilon();

  uint32_t e_;
  typename E<T>::State state_;
  int steps_;
};

template <class T, template <class> class E>
void expect_batch_is_the_environment(int index) {
  Bench<T> bench(index, 5);
  std::vector<ByHand<T, E>> by_hand;
  for (uint32_t e = 0; e < 5; ++e) by_hand.emplace_back(e).expect_observed(bench.obs);
  for (uint64_t t = 0; t < 1010; ++t) {
    bench.choose_randomly(t);
    for (auto& one : by_hand) one.take_state(bench);
    bench.step(0, 5, t);
    for (auto& one : by_hand) one.expect_step(bench, t);
    if (testing::Test::HasFailure()) return;  // the rest would only repeat it
  }
}

TEST(EnvironmentBatch, StepsEachEnvironmentAndResetsItWhenItEnds) {
  for (int index = 0; index < env::Environments::size; ++index) {
    env::Environments::visit(index, [&]<template <class> class E>() {
      expect_batch_is_the_environment<float, E>(index);
      expect_batch_is_the_environment<double, E>(index);
    });
  }
}

TEST(EnvironmentBatch, StartStatesDependOnEverything) {
  const int64_t n = 2;
  const auto first_obs = [&](RandomKey key, Purpose purpose, uint64_t step) {
    Bench<float> bench(environment_index("Pendulum-v1"), n, key);
    bench.batch->reset(0, n, purpose, step);
    bench.batch->observe(0, n, {bench.obs.data(), bench.obs_width});
    return bench.obs;
  };
  const std::vector<float> obs = first_obs({1}, Purpose::evaluate, 0);
  EXPECT_EQ(obs, first_obs({1}, Purpose::evaluate, 0));
  EXPECT_NE(obs, first_obs({2}, Purpose::evaluate, 0));
  EXPECT_NE(obs, first_obs({1}, Purpose::reset, 0));
  EXPECT_NE(obs, first_obs({1}, Purpose::evaluate, 1));
  EXPECT_NE(obs[0], obs[3]);
}

TEST(EnvironmentBatch, TruncatesAtTheLimitAndStartsToCountAgain) {
  Bench<float> bench(environment_index("Pendulum-v1"), 1);
  for (uint64_t t = 0; t < 600; ++t) {
    bench.step(0, 1, t);
    EXPECT_EQ(bench.truncated[0], t % 200 == 199);
    EXPECT_EQ(bench.terminated[0], 0);
    EXPECT_EQ(bench.next_obs == bench.obs, t % 200 != 199);
  }
}

// All balance; environment e then pushes from step 930 + e on, until its pole tips. One of them
// tips exactly at the limit, where it has both terminated and run out of time.
TEST(EnvironmentBatch, StaggeredTimeLimitsComeOneAfterAnother) {
  Bench<double> bench(environment_index("Pendulum-v1"), 100);  // 200 steps: one every other step
  bench.batch->stagger();
  for (uint64_t t = 0; t < 400; ++t) {
    bench.step(0, bench.n, t);
    for (int64_t e = 0; e < bench.n; ++e) {
      EXPECT_EQ(bench.truncated[e], (t + 1 + 2 * e) % 200 == 0)
          << "environment " << e << " at " << t;
    }
  }
}

TEST(EnvironmentBatch, AFallDoesNotMoveAStaggeredTimeLimit) {
  Bench<double> bench(environment_index("InvertedPendulumBulletEnv-v0"), 10);
  bench.batch->stagger();
  int falls = 0;
  for (uint64_t t = 0; t < 1000; ++t) {
    bench.choose_randomly(t);
    bench.step(0, bench.n, t);
    for (int64_t e = 0; e < bench.n; ++e) {
      falls += bench.terminated[e] != 0;
      const auto since_limit = (t + 1 + 100 * e) % 1000;
      EXPECT_EQ(bench.batch->episode_steps()[e], since_limit) << "environment " << e << " at " << t;
    }
  }
  EXPECT_GT(falls, 50);
}

TEST(EnvironmentBatch, TerminatedWinsOverTruncated) {
  const int n = 70;
  Bench<double> bench(environment_index("InvertedPendulumBulletEnv-v0"), n);
  std::array<int, 3> ends{};  // before the limit; terminated at the limit; truncated
  for (int t = 0; t < 1000; ++t) {
    for (int e = 0; e < n; ++e) {
      const double* o = &bench.obs[5 * e];  // x, vx, cos, sin, theta_dot
      bench.action[e] = 0.87 * o[0] + 1.01 * o[1] + 7.18 * o[3] + 1.35 * o[4];
      if (t >= 930 + e) bench.action[e] = 1;
    }
    bench.step(0, n, t);
    for (int e = 0; e < n; ++e) {
      const bool last = t == 999;
      ends[last] += bench.terminated[e] == 1;
      ends[2] += bench.truncated[e] == 1;
      EXPECT_LE(bench.truncated[e], last);
      EXPECT_FALSE(bench.terminated[e] == 1 && bench.truncated[e] == 1);
    }
  }
  EXPECT_GT(ends[0], 0);
  EXPECT_GT(ends[1], 0);
  EXPECT_GT(ends[2], 0);
}

template <class T>
void expect_same(const Bench<T>& a, const Bench<T>& b) {
  ASSERT_EQ(a.reward, b.reward);
  ASSERT_EQ(a.terminated, b.terminated);
  ASSERT_EQ(a.truncated, b.truncated);
  ASSERT_EQ(a.next_obs, b.next_obs);
  ASSERT_EQ(a.obs, b.obs);
  ASSERT_TRUE(std::ranges::equal(a.batch->states(), b.batch->states()));
  ASSERT_TRUE(std::ranges::equal(a.batch->episode_steps(), b.batch->episode_steps()));
}

// The whole range, three pieces on two threads, and environment by environment: so every
// environment is stepped in other lanes, full blocks and partly filled ones.
template <class T>
void expect_cuts_do_not_matter(int index, bool staggered) {
  const int64_t n = 70;
  Bench<T> whole(index, n), cut(index, n), single(index, n);
  for (Bench<T>* bench : {&whole, &cut, &single}) {
    if (staggered) bench->batch->stagger();
  }
  for (uint64_t t = 0; t < 210; ++t) {
    for (Bench<T>* bench : {&whole, &cut, &single}) bench->choose_randomly(t);
    whole.step(0, n, t);
    const int64_t middle = random_word(kKey, Purpose::explore, 0, t) % (n + 1);
    std::thread other([&] { cut.step(middle, n, t); });
    cut.step(0, middle / 3, t);
    cut.step(middle / 3, middle, t);
    other.join();
    for (int64_t e = 0; e < n; ++e) single.step(e, e + 1, t);
    expect_same(whole, cut);
    expect_same(whole, single);
    if (testing::Test::HasFatalFailure()) return;
  }
}

TEST(EnvironmentBatch, CutsOfTheRangeDoNotMatter) {
  for (int index = 0; index < env::Environments::size; ++index) {
    expect_cuts_do_not_matter<float>(index, false);
    expect_cuts_do_not_matter<float>(index, true);
    expect_cuts_do_not_matter<double>(index, true);
  }
}

/// Random states of the whole range that an episode can visit, the slider's ends and beyond
/// included, [state][n]; but for two poles these are left out: the force that MuJoCo observes there
/// is a small difference of large ones, which float has not to the last bit.
std::vector<float> any_states(int index, int64_t n) {
  const std::string names = env::Environments::info[index].state_names;
  const std::vector<float> bounds = names == "theta,theta_dot" ? std::vector<float>{20, 8}
                                    : names == "x,vx,theta,theta_dot"
                                        ? std::vector<float>{1.05f, 5, 4, 10}
                                        : std::vector<float>{0.6f, 4, 4, 5, 10, 10};
  std::vector<float> states;
  for (const float bound : bounds) {
    for (int64_t e = 0; e < n; ++e) {
      const uint32_t word = random_word(kKey, Purpose::monitor, states.size(), 0);
      states.push_back(bound * (2 * uniform01<float>(word) - 1));
    }
  }
  states.resize(env::Environments::info[index].state * n);  // what has no name is 0
  return states;
}

// One step from the same state in float and in double. Errors are counted in float's half units of
// the largest number observed or rewarded, or of 1. An angle of 20 alone is rounded by up to 16 of
// those; the accelerations of a step take a few more.
TEST(EnvironmentBatch, FloatStepsAsDoubleDoesButForRounding) {
  const int64_t n = 5000;
  for (int index = 0; index < env::Environments::size; ++index) {
    Bench<float> bench(index, n);
    Bench<double> reference(index, n);
    const std::vector<float> states = any_states(index, n);
    const std::vector<int> steps(n, 0);
    bench.batch->restore(states, steps);
    reference.batch->restore(std::vector<double>(states.begin(), states.end()), steps);
    bench.choose_randomly(0);
    std::ranges::copy(bench.action, reference.action.begin());
    bench.step(0, n, 0);
    reference.step(0, n, 0);
    double worst = 0;
    for (int64_t e = 0; e < n; ++e) {
      EXPECT_EQ(bench.terminated[e], reference.terminated[e]);
      double scale = std::max(1.0, std::abs(reference.reward[e]));
      double error = std::abs(bench.reward[e] - reference.reward[e]);
      for (int64_t i = e * bench.obs_width; i < (e + 1) * bench.obs_width; ++i) {
        scale = std::max(scale, std::abs(reference.next_obs[i]));
        error = std::max(error, std::abs(bench.next_obs[i] - reference.next_obs[i]));
      }
      worst = std::max(worst, error / scale / 0x1p-24);
    }
    EXPECT_LT(worst, 32) << env::Environments::info[index].id;
    EXPECT_GT(worst, 1) << env::Environments::info[index].id;  // else it is not float
  }
}

// Observations, actions and results can live in replay records; nothing else of them is touched.
TEST(EnvironmentBatch, WritesReplayRecords) {
  const int n = 4;
  const int index = environment_index("InvertedPendulum-v5");
  const RecordLayout layout = record_layout({.obs = 4, .act = 1, .hidden = 8});
  Bench<float> bench(index, n);
  const auto batch = make_environment_batch<float>(index, n, kKey);
  batch->reset(0, n, Purpose::reset, 0);
  const float untouched = -77;
  std::vector<float> records(n * layout.size, untouched);
  const auto field = [&](int offset) { return Rows<float>{&records[offset], layout.size}; };
  batch->observe(0, n, field(0));
  const std::vector<float> obs = bench.obs;
  bench.choose_randomly(0);
  for (int e = 0; e < n; ++e) *field(layout.action)[e] = bench.action[e];
  batch->step(0, n, 0, {&records[layout.action], layout.size},
              {.reward = field(layout.reward),
               .terminated = field(layout.terminated),
               .truncated = {},
               .next_obs = field(layout.next_obs)});
  bench.step(0, n, 0);
  for (int e = 0; e < n; ++e) {
    std::vector<float> expected(&obs[4 * e], &obs[4 * e] + 4);
    expected.insert(expected.end(), {bench.action[e], bench.reward[e], bench.terminated[e]});
    expected.insert(expected.end(), &bench.next_obs[4 * e], &bench.next_obs[4 * e] + 4);
    expected.resize(layout.size, untouched);
    EXPECT_EQ(std::vector<float>(field(0)[e], field(0)[e] + layout.size), expected);
  }
}

TEST(EnvironmentBatch, RefusesAnUnknownEnvironment) {
  EXPECT_THROW(make_environment_batch<float>(-1, 4, kKey), std::out_of_range);
  EXPECT_THROW(make_environment_batch<double>(env::Environments::size, 4, kKey), std::out_of_range);
}

/// Mean length of the first episodes of `n` environments, and its standard error.
struct Length {
  double mean, standard_error;
};

Length episode_length(const std::string& id, bool random_actions) {
  const int n = 20000;
  Bench<float> bench(environment_index(id), n);
  std::vector<int> length(n, 0);
  int running = n;
  for (int t = 0; running > 0; ++t) {
    if (random_actions) bench.choose_randomly(t);
    bench.step(0, n, t);
    for (int e = 0; e < n; ++e) {
      if (length[e] > 0 || (bench.terminated[e] == 0 && bench.truncated[e] == 0)) continue;
      length[e] = t + 1;
      --running;
    }
  }
  double sum = 0, squares = 0;
  for (double l : length) sum += l;
  for (double l : length) squares += (l - sum / n) * (l - sum / n);
  return {sum / n, std::sqrt(squares / n / n)};
}

// `engine` was measured by us in PyBullet 3.2.7 (20000 episodes) and in Gymnasium 1.2.0 with MuJoCo
// 3.3.7 (6000 episodes); the difference of two means may be five of its standard errors. `stated`
// is the usual figure, from few episodes: a mean over 200 of these, whose lengths spread by 22 to
// 57 % of the mean, is itself uncertain by 1.6 to 4 %; all four are within 2 %.
TEST(EnvironmentBatch, EpisodesAreAsLongAsInTheEngines) {
  struct Row {
    const char* id;
    bool random_actions;
    double stated, engine, engine_error;
  };
  for (const Row& row : {Row{"InvertedPendulumBulletEnv-v0", false, 28.6, 28.285, 0.086},
                         Row{"InvertedPendulumBulletEnv-v0", true, 25.2, 25.127, 0.090},
                         Row{"InvertedPendulum-v5", false, 25.7, 25.374, 0.073},
                         Row{"InvertedPendulum-v5", true, 6.0, 6.066, 0.045}}) {
    const Length length = episode_length(row.id, row.random_actions);
    const double error = std::hypot(length.standard_error, row.engine_error);
    EXPECT_NEAR(length.mean, row.engine, 5 * error) << row.id;
    EXPECT_NEAR(length.mean, row.stated, 0.02 * row.stated) << row.id;
  }
}

}  // namespace
}  // namespace sac::simulation
