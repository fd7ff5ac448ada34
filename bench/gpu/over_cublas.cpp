#include "bench/gpu/over_cublas.h"

namespace sac::bench {

void OverCublas::measured(const Table& table, const std::string& what, const Variant& variant,
                          double micros) {
  all_.push_back({table.rows.size() - 1, what, variant, micros});
}

void OverCublas::fill(Table& table) const {
  for (const Measured& fused : all_) {
    if (fused.variant.mlp != Mlp::fused) continue;
    for (const Measured& other : all_) {
      if (other.variant.mlp == Mlp::cublas && other.what == fused.what &&
          other.variant.precision == fused.variant.precision) {
        table.rows[fused.row].back() = other.micros / fused.micros;
      }
    }
  }
}

}  // namespace sac::bench
