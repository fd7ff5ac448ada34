// A matrix cut into blocks of columns, each stored row after row: the update's task for 64 rows of
// W2 reads 64 columns of a matrix of gradients, and reads them in one piece.
#pragma once

#include <algorithm>
#include <cstddef>

#include "host/cpu/buffer.h"

namespace sac::cpu {

inline constexpr int kBlockColumns = 64;  ///< the last block may have fewer

template <class E>
class ColumnBlocks {
 public:
  ColumnBlocks(int rows, int cols)
      : rows_(rows), cols_(cols), data_(static_cast<size_t>(rows) * cols) {}

  int count() const { return (cols_ + kBlockColumns - 1) / kBlockColumns; }
  int columns(int block) const { return std::min(kBlockColumns, cols_ - block * kBlockColumns); }

  /// Row `row` of a block; the rows that follow are columns(block) elements apart.
  E* at(int block, int row) {
    return data_.data() + static_cast<ptrdiff_t>(rows_) * block * kBlockColumns +
           static_cast<ptrdiff_t>(row) * columns(block);
  }

  /// `rows` rows of a plain matrix [rows, cols] to rows row0, row0 + 1, ...
  void store_rows(const E* matrix, int row0, int rows) {
    for (int b = 0; b < rows; ++b, matrix += cols_) {
      for (int block = 0; block < count(); ++block) {
        std::copy_n(matrix + block * kBlockColumns, columns(block), at(block, row0 + b));
      }
    }
  }

  size_t bytes() const { return data_.bytes(); }

 private:
  int rows_, cols_;
  Buffer<E> data_;
};

}  // namespace sac::cpu
