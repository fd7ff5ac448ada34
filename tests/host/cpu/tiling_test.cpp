#include "host/cpu/tiling.h"

#include <gtest/gtest.h>

namespace sac::cpu {
namespace {

TEST(Tiling, CoversTheBatch) {
  for (int batch = 1; batch <= 1100; ++batch) {
    const Tiling tiling(batch, batch % 2 == 0 ? 64 : 256);
    int rows = 0;
    for (int t = 0; t < tiling.count; ++t) {
      ASSERT_EQ(tiling.begin(t), rows);
      ASSERT_GT(tiling.rows_of(t, batch), 0);
      ASSERT_LE(tiling.rows_of(t, batch), batch % 2 == 0 ? 128 : 64);
      rows += tiling.rows_of(t, batch);
    }
    ASSERT_EQ(rows, batch);
    ASSERT_TRUE(batch == 1 || tiling.count % 2 == 0) << batch << " rows for two threads";
  }
}

// Whatever the tile's first row, a row draws the record of its own random word.

}  // namespace
}  // namespace sac::cpu
