#include "host/cpu/memory_need.h"

#include <gtest/gtest.h>

#include <cstdio>

#include "host/cpu/cpu_learner.h"

namespace sac::cpu {
namespace {

LearnerConfig sized(int hidden, int batch, int64_t envs, int64_t replay, int agents) {
  LearnerConfig c;
  c.shape = {.obs = 5, .act = 1, .hidden = hidden};
  c.batch = batch;
  c.envs = envs;
  c.replay_capacity = replay;
  c.agents = agents;
  return c;
}

// Each of them large in another part; the learner does not count its environments.
TEST(MemoryNeed, IsALittleMoreThanWhatTheLearnerHolds) {
  for (const LearnerConfig& c : {sized(256, 256, 4096, 1'000'000, 1), sized(1500, 16, 1, 100, 1),
                                 sized(64, 1 << 15, 1, 40'000, 1), sized(32, 64, 64, 10'000, 20),
                                 sized(256, 8192, 16, 10'000, 1)}) {
    const double need = memory_need(c);
    const double held = static_cast<double>(make_cpu_learner<float>(c)->memory_bytes());
    std::printf("  hidden %d, batch %d, replay %lld: need %.1f MB, %.3f of what is held\n",
                c.shape.hidden, c.batch, static_cast<long long>(c.replay_capacity), need / 1e6,
                need / held);
    EXPECT_GE(need, held);
    EXPECT_LE(need, 1.2 * held);
  }
}

TEST(MemoryNeed, CountsEnvironments) {
  const double few = memory_need(sized(32, 64, 1, 1 << 24, 1));
  const double many = memory_need(sized(32, 64, 1 << 24, 1 << 24, 1));
  EXPECT_GE(many - few, 5.0 * 4 * ((1 << 24) - 1));
}

}  // namespace
}  // namespace sac::cpu
