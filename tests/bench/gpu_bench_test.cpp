// What a failed check costs: the timings, unless they are asked for, and nothing else.
#include "bench/gpu/gpu_bench.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "host/cuda/cuda_learner.h"

namespace sac::bench {
namespace {

/// The keys of the tables that the last report shown has, where all learners that are checked have
/// twice the learning rates they are told.
std::vector<std::string> shown_tables(bool time_anyway) {
  std::vector<std::string> keys;
  const auto wrong = [](LearnerConfig config) {
    config.hyper.policy_lr *= 2;
    return cuda::make_cuda_learner(config);
  };
  const GpuBench bench =
      run_gpu_bench({.tiny = true, .time_anyway = time_anyway, .make_checked = wrong},
                    [&](const std::string&, const Report& so_far) {
                      keys.clear();
                      for (const Table& table : so_far.tables) keys.push_back(table.key);
                    });
  EXPECT_FALSE(bench.passed);
  EXPECT_EQ(bench.report.remarks.at(0), "A check FAILED: see the first table.");
  return keys;
}

TEST(GpuBench, TimesNothingThatFailsACheckButKeepsTheChecks) {
  EXPECT_EQ(shown_tables(false), (std::vector<std::string>{"checks"}));
}

TEST(GpuBench, TimesItAnywayIfAsked) {
  EXPECT_EQ(shown_tables(true), (std::vector<std::string>{"checks", "ceilings", "kernels",
                                                          "normals", "training", "startup"}));
}

}  // namespace
}  // namespace sac::bench
