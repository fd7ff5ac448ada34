#include "host/sweep/sobol.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace sac::sweep {
namespace {

// As SciPy's scipy.stats.qmc.Sobol(d=4, scramble=False) has them, in its own order of the same
// eight points.
TEST(Sobol, TheFirstPointsAreThoseOfJoeAndKuo) {
  const std::set<std::vector<double>> known{{0, 0, 0, 0},
                                            {0.5, 0.5, 0.5, 0.5},
                                            {0.75, 0.25, 0.25, 0.25},
                                            {0.25, 0.75, 0.75, 0.75},
                                            {0.375, 0.375, 0.625, 0.875},
                                            {0.875, 0.875, 0.125, 0.375},
                                            {0.625, 0.125, 0.875, 0.625},
                                            {0.125, 0.625, 0.375, 0.125}};
  std::set<std::vector<double>> points;
  for (uint32_t i = 0; i < 8; ++i) {
    std::vector<double> point;
    for (int d = 0; d < 4; ++d) point.push_back(sobol(i, d) * 0x1p-32);
    points.insert(point);
  }
  EXPECT_EQ(points, known);
}

TEST(Sobol, EveryIntervalHasOnePoint) {
  constexpr uint32_t kPoints = 256;
  for (int d = 0; d < kSobolDimensions; ++d) {
    std::set<uint32_t> intervals;
    for (uint32_t i = 0; i < kPoints; ++i) intervals.insert(sobol(i, d) >> 24);
    EXPECT_EQ(intervals.size(), kPoints) << d;
  }
}

// No two dimensions are alike: of a pair's squares, 16 x 16, more are hit than by a diagonal.
TEST(Sobol, DimensionsDiffer) {
  for (int a = 0; a < kSobolDimensions; ++a) {
    for (int b = 0; b < a; ++b) {
      std::set<std::pair<uint32_t, uint32_t>> squares;
      for (uint32_t i = 0; i < 256; ++i) squares.insert({sobol(i, a) >> 28, sobol(i, b) >> 28});
      EXPECT_GE(squares.size(), 64u) << a << ", " << b;
    }
  }
}

}  // namespace
}  // namespace sac::sweep
