// Is the gradients kernel's work spread evenly? Blocks go to the SM that is free first, in the grid's order.
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
  for (const int units : kRoleUnits) {
    for (int tile = 0; tile < tiles; ++tile) *std::ranges::min_element(free_at) += units;
  }
  return *std::ranges::max_element(free_at);
}

/// What no order could beat: everybody busy all the time, or the longest role.
double balanced(int tiles) {
  int sum = 0;
  for (const int units : kRoleUnits) sum += units * tiles;
  const double even = static_cast<double>(sum) / kSms;
  return std::max(even, static_cast<double>(*std::ranges::max_element(kRoleUnits)));
}

TEST(RoleBalance, NoSmWaitsLong) {
  for (const Precision precision : {Precision::fp32, Precision::tf32, Precision::bf16}) {
    for (const int batch : {64, 256, 1024, 8192}) {
      const int rows = rows_per_block(precision), tiles = (batch + rows - 1) / rows;
      const double excess = makespan(tiles) / balanced(tiles) - 1;
      std::printf("  %s, batch %5d: makespan %3d, balanced %6.2f units, %4.1f %% above\n",
                  precision_name(precision), batch, makespan(tiles), balanced(tiles), 100 * excess);
      EXPECT_LE(excess, 0.15) << batch;
    }
  }
}

}  // namespace
}  // namespace sac::fused
