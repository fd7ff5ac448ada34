#include "host/cpu/wave1.h"

#include <gtest/gtest.h>

namespace sac {
namespace {

TEST(Wave1, TilesCoverTheBatch) {
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
TEST(Wave1, RecordsAreDrawnByRow) {
  LearnerConfig c;
  c.environment = 0;
  c.shape = {.obs = 5, .act = 1, .hidden = 8};
  c.replay_capacity = 1000;
  const Agent<Float32> agent(c, RandomKey{3}, 1);
  const size_t record_size = static_cast<size_t>(record_layout(c.shape).size);
  for (const int row0 : {0, 1, 4, 27, 50}) {
    SampledRecords<Float32> records(30);
    records.draw(agent, row0, 7, 900);
    for (int row = 0; row < 30; ++row) {
      const uint32_t word =
          random_word({3}, Purpose::replay_index, static_cast<uint32_t>(row0 + row), 7);
      EXPECT_EQ(records[row], &agent.replay[uniform_below(word, 900) * record_size])
          << "row " << row << " of a tile that begins at " << row0;
    }
  }
}

}  // namespace
}  // namespace sac
