// The two ways to multiply matrices, for tests that hold for both.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "host/learner.h"

namespace sac {

/// A small width that the way serves; cuBLAS gets one that is not fused.
inline int width_of(Mlp mlp) {
  return mlp == Mlp::fused ? 32 : 20;
}

inline std::string way_name(Mlp mlp) {
  return mlp == Mlp::fused ? "fused" : "cublas";
}

/// Parameters of a suite that is instantiated for both, and their names.
inline auto both_ways() {
  return testing::Values(Mlp::fused, Mlp::cublas);
}
inline std::string name_of_way(const testing::TestParamInfo<Mlp>& info) {
  return way_name(info.param);
}

}  // namespace sac
