#include "host/cpu/team.h"

#include <gtest/gtest.h>

#include <chrono>
#include <ctime>

namespace sac::cpu {
namespace {

void nothing() {}

TEST(Team, EveryTaskRunsExactlyOnceInItsPhase) {
  for (const int threads : {1, 2, 5}) {
    Team team(threads, nothing);
    std::vector<std::atomic<int>> runs(37);
    for (int phase = 1; phase <= 2000; ++phase) {
      team.run(37, [&](int task, int worker) {
        ASSERT_GE(worker, 0);
        ASSERT_LT(worker, threads);
        ++runs[static_cast<size_t>(task)];
      });
      for (const std::atomic<int>& r : runs) ASSERT_EQ(r, phase) << threads << " threads";
    }
  }
}

TEST(Team, NoTasksIsAPhaseToo) {
  Team team(2, nothing);
  team.run(0, [](int, int) { FAIL(); });
}

TEST(Team, AWorkerRunsOneTaskAtATime) {
  Team team(4, nothing);
  std::vector<std::atomic<int>> busy(4);
  for (int phase = 0; phase < 500; ++phase) {
    team.run(16, [&](int, int worker) {
      std::atomic<int>& b = busy[static_cast<size_t>(worker)];
      EXPECT_EQ(++b, 1);
      --b;
    });
  }
}

// Whoever waits must sleep: two phases around a pause leave the threads idle, not spinning.
TEST(Team, IdleThreadsSleep) {
  Team team(4, nothing);
  team.run(8, [](int, int) {});
  const std::clock_t before = std::clock();
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  const double cpu_seconds = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
  EXPECT_LT(cpu_seconds, 0.05) << "three spinning threads would use several tenths";
  team.run(8, [](int, int) {});
}

// A thread that claims nothing holds nobody up: with one slow task per phase and more threads than
// cores, every phase still ends.
TEST(Team, MoreThreadsThanCores) {
  Team team(16, nothing);
  std::atomic<int> sum{0};
  for (int phase = 0; phase < 300; ++phase) {
    team.run(3, [&](int task, int) { sum += task; });
  }
  EXPECT_EQ(sum, 300 * 3);
}

TEST(Team, StartFunctionRunsOnceOnEveryStartedThread) {
  static std::atomic<int> starts;
  starts = 0;
  {
    Team team(5, [] { ++starts; });
  }
  EXPECT_EQ(starts, 4);
}

}  // namespace
}  // namespace sac::cpu
