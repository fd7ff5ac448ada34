// Both algorithms, for tests that hold for either.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "kernels/layout.h"

namespace sac {

inline auto both_algorithms() {
  return testing::Values(Algorithm::sac_v1, Algorithm::sac_v2);
}

/// "sac_v2"
inline std::string algorithm_word(Algorithm a) {
  return a == Algorithm::sac_v1 ? "sac_v1" : "sac_v2";
}
inline std::string name_of_algorithm(const testing::TestParamInfo<Algorithm>& test) {
  return algorithm_word(test.param);
}

}  // namespace sac
