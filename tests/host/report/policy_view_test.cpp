#include "host/report/policy_view.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "host/base/environments.h"
#include "host/cpu/mean_policy.h"
#include "host/play/episode.h"
#include "kernels/random.h"

namespace sac::report {
namespace {

/// Some networks, of which V is 5 everywhere.
SeenPolicy some_policy(const char* id) {
  SeenPolicy seen;
  seen.environment = environment_index(id);
  const env::EnvironmentInfo& task = environment_info(seen.environment);
  seen.policy.shape = {.obs = task.obs, .act = task.act, .hidden = 16};
  seen.policy.parameters.assign(agent_stride(seen.policy.shape), 0);
  const size_t policy_end = network_layout(seen.policy.shape, Network::pi).end;
  for (uint32_t i = 0; i < policy_end; ++i) {
    seen.policy.parameters[i] = 0.3f * random_normal<float>({5}, Purpose::initialise, i, 0);
  }
  seen.policy.parameters[network_layout(seen.policy.shape, Network::v).b3] = 5;
  seen.has_value = true;
  return seen;
}

TEST(PolicyView, HasTheEpisodesOfEvaluate) {
  const SeenPolicy seen = some_policy("InvertedPendulumSwingupBulletEnv-v0");
  const PolicyView view = look_at(seen, 2, 100);
  ASSERT_EQ(view.episodes.size(), 2u);
  cpu::MeanPolicy policy(seen.policy.shape, 1, seen.policy.parameters, 1);
  play::Episode expected(seen.environment, policy, 1);
  while (!expected.ended()) expected.step();
  const PlayedEpisode& episode = view.episodes[1];
  EXPECT_EQ(episode.steps, expected.steps());
  EXPECT_EQ(episode.stride, 10);
  EXPECT_EQ(episode.reward.back(), expected.total_reward());
  EXPECT_EQ(episode.theta.back(), expected.state()[2]);
  EXPECT_LE(episode.theta.size(), 101u);
  EXPECT_TRUE(episode.theta2.empty());
  for (const auto* list : {&episode.x, &episode.theta_dot, &episode.action, &episode.reward}) {
    EXPECT_EQ(list->size(), episode.theta.size());
  }
}

TEST(PolicyView, MapsTheActionAndTheValue) {
  const SeenPolicy seen = some_policy("Pendulum-v1");
  const PolicyView view = look_at(seen, 3, 1000);
  const HeatMaps& maps = view.maps;
  EXPECT_TRUE(view.episodes[0].x.empty());
  ASSERT_EQ(maps.action.size(), static_cast<size_t>(maps.side * maps.side));
  EXPECT_DOUBLE_EQ(maps.theta_reach, std::numbers::pi);
  EXPECT_LE(maps.theta_dot_reach, 8);  // no faster than the task lets it turn
  EXPECT_EQ(maps.value, std::vector<double>(maps.action.size(), 5));
  cpu::MeanPolicy policy(seen.policy.shape, 2, seen.policy.parameters, 1);
  const std::vector<float> upright{1, 0, 0},
      corner{-1, 0, static_cast<float>(-maps.theta_dot_reach)};
  EXPECT_NEAR(maps.action[maps.action.size() / 2], policy.act(upright)[0] / 2, 1e-6);
  EXPECT_NEAR(maps.action[0], policy.act(corner)[0] / 2, 1e-6);
}

TEST(PolicyView, HasASecondPole) {
  const SeenPolicy seen = some_policy("InvertedDoublePendulum-v5");
  const PolicyView view = look_at(seen, 1, 1000);
  const PlayedEpisode& episode = view.episodes[0];
  EXPECT_EQ(episode.theta2.size(), episode.theta.size());
  cpu::MeanPolicy policy(seen.policy.shape, 1, seen.policy.parameters, 1);
  play::Episode expected(seen.environment, policy, 0);
  while (!expected.ended()) expected.step();
  EXPECT_EQ(episode.theta.back(), expected.state()[1]);
  EXPECT_EQ(episode.theta2.back(), expected.state()[2]);
  EXPECT_EQ(episode.theta_dot.back(), expected.state()[4]);
  EXPECT_LE(view.maps.theta_dot_reach, 10);  // no faster is observed
  const std::vector<float> upright{0, 0, 0, 1, 1, 0, 0, 0, 0};
  EXPECT_NEAR(view.maps.action[view.maps.action.size() / 2], policy.act(upright)[0], 1e-6);
}

TEST(PolicyView, DoesWithoutV) {
  SeenPolicy seen = some_policy("InvertedPendulum-v5");
  seen.has_value = false;
  const HeatMaps maps = look_at(seen, 1, 100).maps;
  EXPECT_TRUE(maps.value.empty());
  EXPECT_LT(maps.theta_reach, 1);  // the episode ends long before the pole lies
}

}  // namespace
}  // namespace sac::report
