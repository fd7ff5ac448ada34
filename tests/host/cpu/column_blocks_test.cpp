#include "host/cpu/column_blocks.h"

#include <gtest/gtest.h>

#include <vector>

namespace sac::cpu {
namespace {

TEST(ColumnBlocks, EveryElementIsWhereItsBlockSays) {
  for (const int cols : {1, 63, 64, 65, 100, 256}) {
    constexpr int kRows = 7;
    std::vector<int> matrix(static_cast<size_t>(kRows * cols));
    for (size_t i = 0; i < matrix.size(); ++i) matrix[i] = static_cast<int>(i);
    ColumnBlocks<int> blocks(kRows, cols);
    blocks.store_rows(matrix.data(), 0, 3);
    blocks.store_rows(matrix.data() + 3 * cols, 3, kRows - 3);
    int column = 0;
    for (int block = 0; block < blocks.count(); column += blocks.columns(block++)) {
      for (int row = 0; row < kRows; ++row) {
        for (int j = 0; j < blocks.columns(block); ++j) {
          ASSERT_EQ(blocks.at(block, 0)[row * blocks.columns(block) + j], row * cols + column + j);
        }
      }
    }
    EXPECT_EQ(column, cols);
  }
}

}  // namespace
}  // namespace sac::cpu
