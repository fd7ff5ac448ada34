// How much faster the fused kernels are than cuBLAS and elementwise kernels in the same precision.
#pragma once

#include <string>
#include <vector>

#include "bench/gpu/variant.h"
#include "bench/report.h"

namespace sac::bench {

/// Collects what was measured in both ways, row by row of a table.
class OverCublas {
 public:
  /// The table's last row took so long for `what`, which is the same text for both ways.
  void measured(const Table& table, const std::string& what, const Variant& variant, double micros);

  /// Puts the ratio into the last cell of the fused kernels' rows, where cuBLAS has one.
  void fill(Table& table) const;

 private:
  struct Measured {
    size_t row;
    std::string what;
    Variant variant;
    double micros;
  };
  std::vector<Measured> all_;
};

}  // namespace sac::bench
