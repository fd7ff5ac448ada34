// What a failed check costs: the timings, unless they are asked for, and nothing else. What a
// library that does not work costs: its own rows. What is not wanted costs nothing.
#include "bench/gpu/gpu_bench.h"

#include <cublas_v2.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "host/base/usage_error.h"
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

std::string cell(const Table& table, const std::vector<Cell>& row, const std::string& key) {
  const auto column = std::ranges::find(table.columns, key, &Column::key);
  const Cell& found = row.at(static_cast<size_t>(column - table.columns.begin()));
  return std::holds_alternative<std::string>(found) ? std::get<std::string>(found) : "";
}

GpuBench bench_of(const std::vector<std::string>& only) {
  return run_gpu_bench({.tiny = true, .only = Selection(only)}, [](auto&&...) {});
}

TEST(GpuBench, TimesNothingThatFailsACheckButKeepsTheChecks) {
  EXPECT_EQ(shown_tables(false), (std::vector<std::string>{"checks"}));
}

TEST(GpuBench, TimesItAnywayIfAsked) {
  EXPECT_EQ(shown_tables(true),
            (std::vector<std::string>{"checks", "ceilings", "kernels", "normals", "latency",
                                      "training", "startup"}));
}

TEST(GpuBench, ALongTableIsKeptAsItGrows) {
  std::vector<size_t> rows;
  const Show show = [&](const std::string&, const Report& so_far) {
    ASSERT_EQ(so_far.tables.size(), 1u);
    rows.push_back(so_far.tables[0].rows.size());
  };
  run_gpu_bench({.tiny = true, .only = Selection({"rollout"})}, show);
  ASSERT_GT(rows.size(), 3u);
  EXPECT_TRUE(std::ranges::is_sorted(rows));
  EXPECT_EQ(rows.front(), 1u);
  EXPECT_EQ(rows.back(), 12u);  // two cases in six variants
}

TEST(GpuBench, ACublasThatDoesNotStartCostsItsOwnRows) {
  cublas_stand_in_starts(false);
  const GpuBench bench = bench_of({});
  cublas_stand_in_starts(true);
  EXPECT_TRUE(bench.passed);
  ASSERT_EQ(bench.report.tables.size(), 7u);
  const std::string why = "cublasCreate: the library was not initialized";
  for (const Table& table : bench.report.tables) {
    if (table.key != "checks" && table.key != "kernels" && table.key != "training") continue;
    std::set<std::string> with, without;
    for (const auto& row : table.rows) {
      const std::string variant = cell(table, row, "variant");
      if (table.key == "checks") {
        const bool checked = cell(table, row, "verdict") == "passed";
        (checked ? with : without).insert(variant);
        EXPECT_TRUE(checked || cell(table, row, "verdict") == "not checked: " + why);
      } else {
        const std::string failure = cell(table, row, "failure");
        (failure.empty() ? with : without).insert(variant);
        EXPECT_TRUE(failure.empty() || failure == why) << failure;
      }
    }
    EXPECT_EQ(with, (std::set<std::string>{"fused, fp32", "fused, tf32", "fused, bf16"}))
        << table.key;
    EXPECT_EQ(without, (std::set<std::string>{"cuBLAS, fp32", "cuBLAS, tf32", "cuBLAS, bf16"}))
        << table.key;
  }
}

TEST(GpuBench, OneKernelAlone) {
  const GpuBench bench = bench_of({"update"});
  ASSERT_EQ(bench.report.tables.size(), 1u);
  const Table& table = bench.report.tables[0];
  EXPECT_EQ(table.key, "kernels");
  EXPECT_GT(table.rows.size(), 0u);
  for (const auto& row : table.rows) EXPECT_EQ(cell(table, row, "kernel"), "update");
}

TEST(GpuBench, OneTableAlone) {
  for (const char* key : {"checks", "ceilings", "normals", "latency", "startup"}) {
    const GpuBench bench = bench_of({key});
    ASSERT_EQ(bench.report.tables.size(), 1u) << key;
    EXPECT_EQ(bench.report.tables[0].key, key);
  }
}

TEST(Selection, KnowsItsNames) {
  EXPECT_THROW(Selection({"kernels", "updates"}), UsageError);
  const Selection everything;
  EXPECT_TRUE(everything.has_table("startup") && everything.has_kernel("rollout"));
  const Selection all_kernels({"kernels", "update"});
  EXPECT_TRUE(all_kernels.has_kernel("rollout"));
  EXPECT_FALSE(all_kernels.has_table("checks"));
}

}  // namespace
}  // namespace sac::bench
