#include "host/gymnasium/vector_environment.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <vector>

#include "host/base/environments.h"

namespace sac::gymnasium {
namespace {

struct Arrays {
  Arrays(const VectorEnvironment& e, int64_t envs)
      : n(envs),
        width(e.info().obs),
        obs(n * width),
        reward(n),
        final_obs(n * width, -1000),
        terminated(std::make_unique<bool[]>(n)),
        truncated(std::make_unique<bool[]>(n)) {}

  StepArrays pointers() {
    return {obs.data(), reward.data(), terminated.get(), truncated.get(), final_obs.data()};
  }
  bool ended(int64_t e) const { return terminated[e] || truncated[e]; }
  std::vector<float> row(const std::vector<float>& rows, int64_t e) const {
    return {rows.begin() + e * width, rows.begin() + (e + 1) * width};
  }

  int64_t n, width;
  std::vector<float> obs, reward, final_obs;
  std::unique_ptr<bool[]> terminated, truncated;
};

std::vector<float> actions(int64_t n, int t) {
  std::vector<float> values(n);
  for (int64_t e = 0; e < n; ++e) values[e] = std::sin(static_cast<float>(e + 3 * t));
  return values;
}

constexpr int64_t kEnvs = 2500;  // two blocks and a part
constexpr int kSteps = 60;

/// Both modes play the same episodes: next_step shows an end one step before same_step's restart.
TEST(VectorEnvironment, TheTwoAutoresetModesPlayTheSameFirstEpisodes) {
  const int task = environment_index("InvertedPendulumBulletEnv-v0");
  VectorEnvironment same(task, kEnvs, Autoreset::same_step, 1);
  VectorEnvironment next(task, kEnvs, Autoreset::next_step, 2);
  Arrays a(same, kEnvs), b(next, kEnvs);
  same.reset(7, a.obs.data());
  next.reset(7, b.obs.data());
  EXPECT_EQ(a.obs, b.obs);
  std::vector<bool> first(kEnvs, true), waited(kEnvs, false);
  int64_t ends = 0, restarts = 0;
  for (int t = 0; t < kSteps; ++t) {
    const std::vector<float> action = actions(kEnvs, t);
    const std::vector<float> before = a.obs;
    const bool any = same.step(action.data(), a.pointers());
    next.step(action.data(), b.pointers());
    bool seen = false;
    for (int64_t e = 0; e < kEnvs; ++e) {
      seen = seen || a.ended(e);
      if (waited[e]) {  // this step started its next episode, whatever the action
        EXPECT_EQ(b.reward[e], 0);
        EXPECT_FALSE(b.ended(e));
        EXPECT_EQ(b.row(b.obs, e), a.row(before, e));
        ++restarts;
        waited[e] = false;
      }
      if (!first[e]) continue;
      EXPECT_EQ(a.reward[e], b.reward[e]);
      EXPECT_EQ(a.ended(e), b.ended(e));
      if (!a.ended(e)) {
        EXPECT_EQ(a.row(a.obs, e), b.row(b.obs, e));
        continue;
      }
      EXPECT_EQ(a.row(a.final_obs, e), b.row(b.obs, e));
      EXPECT_NE(a.row(a.obs, e), b.row(b.obs, e));
      first[e] = false;
      waited[e] = true;
      ++ends;
    }
    EXPECT_EQ(any, seen);
  }
  EXPECT_GT(ends, kEnvs / 2);
  EXPECT_GT(restarts, kEnvs / 2);
}

TEST(VectorEnvironment, TruncatesAtTheTimeLimit) {
  const int task = environment_index("Pendulum-v1");
  VectorEnvironment environment(task, 3, Autoreset::same_step, 1);
  Arrays a(environment, 3);
  environment.reset(1, a.obs.data());
  const std::vector<float> action(3, 0.5f);
  for (int t = 1; t <= environment.info().time_limit; ++t) {
    const bool last = t == environment.info().time_limit;
    EXPECT_EQ(environment.step(action.data(), a.pointers()), last);
    EXPECT_EQ(a.truncated[2], last);
    EXPECT_FALSE(a.terminated[2]);
  }
}

TEST(VectorEnvironment, ASeedBeginsAStreamThatAResetGoesOnWith) {
  const int task = environment_index("Pendulum-v1");
  VectorEnvironment environment(task, 4, Autoreset::same_step, 1);
  Arrays a(environment, 4);
  const auto obs_after = [&](std::optional<uint64_t> seed) {
    environment.reset(seed, a.obs.data());
    return a.obs;
  };
  const std::vector<float> first = obs_after(5), second = obs_after({});
  EXPECT_NE(first, second);
  EXPECT_NE(obs_after({}), second);
  EXPECT_EQ(obs_after(5), first);
  EXPECT_EQ(obs_after({}), second);
  EXPECT_NE(obs_after(6), first);
  EXPECT_NE(a.row(a.obs, 0), a.row(a.obs, 1));
}

}  // namespace
}  // namespace sac::gymnasium
