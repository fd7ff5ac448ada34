#include "host/cpu/sampled_records.h"

#include <gtest/gtest.h>

namespace sac::cpu {
namespace {

TEST(SampledRecords, AreDrawnByRow) {
  LearnerConfig c;
  c.environment = 0;
  c.shape = {.obs = 5, .act = 1, .hidden = 8};
  c.replay_capacity = 1000;
  const Agent<Float32> agent(c, RandomKey{3}, ranks::Part{0, 1});
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
}  // namespace sac::cpu
