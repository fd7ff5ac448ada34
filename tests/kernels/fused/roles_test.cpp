// Is the gradients kernel's work spread evenly? Blocks go to the SM that is free first, in the
// grid's order.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "kernels/fused/roles.h"
#include "tests/support/algorithms.h"

namespace sac::fused {
namespace {

constexpr int kSms = 132;  // an H100 SXM

/// When the last SM is done, in units of one tile of rows through one H x H product.
int makespan(Algorithm a, int tiles) {
  std::vector<int> free_at(kSms, 0);
  for (int role = 0; role < roles(a); ++role) {
    const int units = products(static_cast<Role>(role));
    for (int tile = 0; tile < tiles; ++tile) *std::ranges::min_element(free_at) += units;
  }
  return *std::ranges::max_element(free_at);
}

/// What no order could beat: everybody busy all the time, or the longest role.
double balanced(Algorithm a, int tiles) {
  int sum = 0, longest = 0;
  for (int role = 0; role < roles(a); ++role) {
    const int units = products(static_cast<Role>(role));
    sum += units * tiles;
    longest = std::max(longest, units);
  }
  return std::max(static_cast<double>(sum) / kSms, static_cast<double>(longest));
}

class RoleBalance : public testing::TestWithParam<Algorithm> {};
class Roles : public testing::TestWithParam<Algorithm> {};

TEST_P(RoleBalance, NoSmWaitsLong) {
  const Algorithm a = GetParam();
  for (const Precision precision : {Precision::fp32, Precision::tf32, Precision::bf16}) {
    for (const int batch : {64, 256, 1024, 8192}) {
      const int rows = rows_per_block(a, precision, batch, 1), tiles = (batch + rows - 1) / rows;
      const int span = makespan(a, tiles);
      const double even = balanced(a, tiles), excess = span / even - 1;
      std::printf("  %s, batch %5d: makespan %3d, balanced %6.2f units, %4.1f %% above\n",
                  precision_name(precision), batch, span, even, 100 * excess);
      EXPECT_LE(excess, 0.15) << batch;
    }
  }
}

TEST_P(Roles, AreWhatTheRegressionTargetsNeed) {
  const Algorithm a = GetParam();
  int forward = 0, back = 0;
  for (int role = 0; role < roles(a); ++role) {
    const Role r = static_cast<Role>(role);
    forward += forward_passes(r);
    if (goes_back(r)) back += forward_passes(r);
    if (role == 0) continue;
    EXPECT_LE(products(r), products(static_cast<Role>(role - 1))) << "longest first";
  }
  EXPECT_EQ(forward, a == Algorithm::sac_v1 ? 11 : 9);
  EXPECT_EQ(back, a == Algorithm::sac_v1 ? 7 : 6);
}

// Every network runs, and a target never where its network's gradient is made.
TEST_P(Roles, RunEveryNetwork) {
  const Algorithm a = GetParam();
  std::set<Network> run;
  for (int role = 0; role < roles(a); ++role) {
    const Role r = static_cast<Role>(role);
    for (int pass = 0; pass < forward_passes(r); ++pass) {
      const Network n = network_of(a, r, pass);
      run.insert(n);
      EXPECT_FALSE(goes_back(r) && is_target(a, n)) << role;
      EXPECT_EQ(at_next_obs(a, r) && n != Network::pi, is_target(a, n)) << role;
    }
  }
  EXPECT_EQ(run.size(), size_t{kNetworks});
}

INSTANTIATE_TEST_SUITE_P(Algorithms, RoleBalance, both_algorithms(), name_of_algorithm);
INSTANTIATE_TEST_SUITE_P(Algorithms, Roles, both_algorithms(), name_of_algorithm);

// The presets' batch of 128: 7 roles of 8 tiles, in sac_v2 5 of 11. Beyond what L2 feeds at full
// rate, fewer bytes.
TEST(RowsPerBlock, SpreadASmallBatchOverTheSms) {
  const Algorithm v1 = Algorithm::sac_v1, v2 = Algorithm::sac_v2;
  for (const Precision precision : {Precision::tf32, Precision::bf16}) {
    EXPECT_EQ(rows_per_block(v1, precision, 32, 1), 16);
    EXPECT_EQ(rows_per_block(v1, precision, 128, 1), 16);
    EXPECT_EQ(rows_per_block(v1, precision, 129, 1), 32);
    EXPECT_EQ(rows_per_block(v2, precision, 176, 1), 16);
    EXPECT_EQ(rows_per_block(v2, precision, 177, 1), 32);
    EXPECT_EQ(rows_per_block(v1, precision, 128, 2), 32);
    EXPECT_EQ(rows_per_block(v1, precision, 1 << 20, 4096), 32);
  }
  EXPECT_EQ(rows_per_block(v1, Precision::fp32, 8192, 64), 16);
}

}  // namespace
}  // namespace sac::fused
