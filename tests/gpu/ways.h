// The ways to multiply matrices, and what is learned with them, for tests that hold for several.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "host/base/learner.h"
#include "kernels/fused/widths.h"

namespace sac {

struct Way {
  Mlp mlp;
  Precision precision;
  Algorithm algorithm = Algorithm::sac_v1;
};

inline void take(const Way& way, LearnerConfig& config) {
  config.mlp = way.mlp;
  config.precision = way.precision;
  config.shape.algorithm = way.algorithm;
}

/// A small width that the way serves; cuBLAS gets one that is not fused.
inline int width_of(Mlp mlp) {
  return mlp == Mlp::fused ? 32 : 20;
}

inline std::string way_name(const Way& way) {
  return (way.mlp == Mlp::fused ? "fused_" : "cublas_") +
         std::string(precision_name(way.precision)) +
         (way.algorithm == Algorithm::sac_v1 ? "" : "_v2");
}

/// Parameters of a suite and their names: both ways in fp32, which rounds no operand, with either
/// algorithm.
inline auto exact_ways() {
  return testing::Values(Way{Mlp::fused, Precision::fp32}, Way{Mlp::cublas, Precision::fp32},
                         Way{Mlp::fused, Precision::fp32, Algorithm::sac_v2},
                         Way{Mlp::cublas, Precision::fp32, Algorithm::sac_v2});
}
/// Every precision, where the policy alone runs.
inline auto acting_ways() {
  return testing::Values(Way{Mlp::fused, Precision::fp32}, Way{Mlp::fused, Precision::tf32},
                         Way{Mlp::fused, Precision::bf16}, Way{Mlp::cublas, Precision::fp32},
                         Way{Mlp::cublas, Precision::bf16});
}
/// The same, and sac_v2, whose products are no others, both ways.
inline auto all_ways() {
  return testing::Values(Way{Mlp::fused, Precision::fp32}, Way{Mlp::fused, Precision::tf32},
                         Way{Mlp::fused, Precision::bf16}, Way{Mlp::cublas, Precision::fp32},
                         Way{Mlp::cublas, Precision::bf16},
                         Way{Mlp::fused, Precision::fp32, Algorithm::sac_v2},
                         Way{Mlp::cublas, Precision::fp32, Algorithm::sac_v2});
}
inline std::string name_of_way(const testing::TestParamInfo<Way>& test) {
  return way_name(test.param);
}

/// What the fused kernels are compiled for: a width and a precision.
using FusedKind = std::tuple<int, Precision>;
inline auto fused_kinds() {
  return testing::Combine(testing::ValuesIn(fused::kWidths),
                          testing::Values(Precision::fp32, Precision::tf32, Precision::bf16));
}
inline std::string name_of_fused_kind(const testing::TestParamInfo<FusedKind>& test) {
  const auto [hidden, precision] = test.param;
  return precision_name(precision) + ("_" + std::to_string(hidden));
}

}  // namespace sac
