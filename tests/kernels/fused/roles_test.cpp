// Is the gradients kernel's work spread evenly? Blocks go to the SM that is free first, in the
// grid's order.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "kernels/fused/roles.h"

namespace sac::fused {
namespace {

constexpr int kSms = 132;  // an H100 SXM

/// When the last SM is done, in units of one tile of rows through one H x H product.
int makespan(int tiles) {
  std::vector<int> free_at(kSms, 0);
  for (int role = 0; role < kRoles; ++role) {
    const int units = products(static_cast<Role>(role));
    for (int tile = 0; tile < tiles; ++tile) *std::ranges::min_element(free_at) += units;
  }
  return *std::ranges::max_element(free_at);
}

/// What no order could beat: everybody busy all the time, or the longest role.
double balanced(int tiles) {
  int sum = 0, longest = 0;
  for (int role = 0; role < kRoles; ++role) {
    const int units = products(static_cast<Role>(role));
    sum += units * tiles;
    longest = std::max(longest, units);
  }
  return std::max(static_cast<double>(sum) / kSms, static_cast<double>(longest));
}

TEST(RoleBalance, NoSmWaitsLong) {
  for (const Precision precision : {Precision::fp32, Precision::tf32, Precision::bf16}) {
    for (const int batch : {64, 256, 1024, 8192}) {
      const int rows = rows_per_block(precision, batch, 1), tiles = (batch + rows - 1) / rows;
      const double excess = makespan(tiles) / balanced(tiles) - 1;
      std::printf("  %s, batch %5d: makespan %3d, balanced %6.2f units, %4.1f %% above\n",
                  precision_name(precision), batch, makespan(tiles), balanced(tiles), 100 * excess);
      EXPECT_LE(excess, 0.15) << batch;
    }
  }
}

TEST(Roles, AreWhatTheRegressionTargetsNeed) {
  int forward = 0, back = 0;
  for (int role = 0; role < kRoles; ++role) {
    const Role r = static_cast<Role>(role);
    forward += forward_passes(r);
    if (goes_back(r)) back += forward_passes(r);
    if (role == 0) continue;
    EXPECT_LE(products(r), products(static_cast<Role>(role - 1))) << "longest first";
  }
  EXPECT_EQ(forward, 11);
  EXPECT_EQ(back, 7);
}

// The presets' batch of 128: 7 roles of 8 tiles. Beyond what L2 feeds at full rate, fewer bytes.
TEST(RowsPerBlock, SpreadASmallBatchOverTheSms) {
  for (const Precision precision : {Precision::tf32, Precision::bf16}) {
    EXPECT_EQ(rows_per_block(precision, 32, 1), 16);
    EXPECT_EQ(rows_per_block(precision, 128, 1), 16);
    EXPECT_EQ(rows_per_block(precision, 129, 1), 32);
    EXPECT_EQ(rows_per_block(precision, 128, 2), 32);
    EXPECT_EQ(rows_per_block(precision, 1 << 20, 4096), 32);
  }
  EXPECT_EQ(rows_per_block(Precision::fp32, 8192, 64), 16);
}

}  // namespace
}  // namespace sac::fused
