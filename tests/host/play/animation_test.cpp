#include "host/play/animation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "host/base/environments.h"
#include "host/cpu/mean_policy.h"
#include "kernels/env/registry.h"
#include "tests/host/play/gif_reader.h"

namespace sac::play {
namespace {

/// A policy that does nothing.
Shown idle(int environment, double seconds) {
  const env::EnvironmentInfo& info = environment_info(environment);
  const Shape shape{info.obs, info.act, 16};
  cpu::MeanPolicy policy(shape, info.max_action, std::vector<double>(agent_stride(shape)), 1);
  return shown(animation(Format::gif, environment, policy, 3, seconds));
}

// But for the last picture, which stays for a second.
TEST(Animation, TakesAsLongAsWhatItShows) {
  for (const char* id : {"Pendulum-v1", "InvertedPendulumSwingupBulletEnv-v0"}) {
    const int environment = environment_index(id);
    const double step = environment_info(environment).step_seconds;
    const std::vector<int> delays = idle(environment, 2).centiseconds;
    const int shown = std::accumulate(delays.begin(), delays.end() - 1, 0);
    EXPECT_GE(shown, 200) << id;
    EXPECT_LE(shown, 200 + std::ceil(100 * 4 * step)) << id;
    EXPECT_EQ(delays.back(), 100) << id;
    for (const int delay : delays) EXPECT_GE(delay, 4) << id;  // viewers slow down below 2
  }
}

TEST(Animation, EndsWithItsEpisode) {
  const Shown balance = idle(environment_index("InvertedPendulumBulletEnv-v0"), 1e9);
  EXPECT_LT(balance.pictures.size(), 60u);  // it falls
  EXPECT_NE(balance.pictures.front(), balance.pictures.back());
  EXPECT_EQ(idle(environment_index("Pendulum-v1"), 1e9).pictures.size(), 201u);
}

}  // namespace
}  // namespace sac::play
