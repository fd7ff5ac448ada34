#include "host/sweep/points.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/support/temporary_directory.h"
#include "tests/support/usage_error_of.h"

namespace sac::sweep {
namespace {

const std::vector<std::string> kTwo{"policy-lr=1e-4:1e-2:log", "tau=0.005,0.02,0.1"};

TEST(Points, AGridHasEveryCombination) {
  const Points grid = choose_points("grid", {"gamma=0.9,0.99", "tau=0.005,0.02,0.1"}, {}, 0);
  const std::vector<Point> expected{{0.9, 0.005},  {0.9, 0.02},  {0.9, 0.1},
                                    {0.99, 0.005}, {0.99, 0.02}, {0.99, 0.1}};
  EXPECT_EQ(grid.points, expected);
}

TEST(Points, DrawnOnesFollowFromTheSeed) {
  for (const char* how : {"sobol", "random"}) {
    const Points points = choose_points(how, kTwo, 24, 7);
    EXPECT_EQ(points.points.size(), 24u);
    EXPECT_EQ(points.points, choose_points(how, kTwo, 24, 7).points);
    EXPECT_NE(points.points, choose_points(how, kTwo, 24, 8).points);
    for (const Point& point : points.points) {
      EXPECT_GE(point[0], 1e-4);
      EXPECT_LE(point[0], 1e-2);
    }
  }
  EXPECT_EQ(choose_points("sobol", kTwo, {}, 0).points.size(), 16u);
}

// Of four decades' quarters, whatever the seed; random points leave some empty.
TEST(Points, SobolPointsLeaveNoIntervalEmpty) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    std::set<int> intervals;
    for (const Point& p : choose_points("sobol", {"gamma=0:1"}, 16, seed).points) {
      intervals.insert(static_cast<int>(std::min(p[0] + 1e-9, 0.999) * 16));
    }
    EXPECT_GE(intervals.size(), 15u) << seed;  // rounded to six digits
  }
}

TEST(Points, AFileHasThem) {
  const TemporaryDirectory directory;
  const std::string file = (directory / "points.csv").string();
  put_file(file, "policy_lr,tau\n1e-3,0.1\n\n0.002,0.02\n");
  const Points points = choose_points(file, {}, {}, 0);
  EXPECT_EQ(points.parameters[0].name, "policy_lr");
  EXPECT_EQ(points.points, (std::vector<Point>{{1e-3, 0.1}, {0.002, 0.02}}));

  const auto error = [&](const char* content) {
    put_file(file, content);
    return usage_error_of([&] { choose_points(file, {}, {}, 0); });
  };
  expect_names(error("policy_lr,hidden\n"), "--set hidden: cannot be swept");
  expect_names(error("tau,tau\n"), "is given twice");
  expect_names(error("tau\n0.1,0.2\n"), "line 2 has 2 values, expected 1");
  expect_names(error("tau\n7\n"), "--set tau 7: expected");
  expect_names(error("tau\n"), "has no point");
  expect_names(error(""), "is empty");
}

TEST(Points, RefusesInOneLine) {
  const auto error = [](const char* how, std::vector<std::string> set, std::optional<int> trials) {
    return usage_error_of([&] { choose_points(how, set, trials, 0); });
  };
  expect_names(error("sobol", {}, {}), "--set is required");
  expect_names(error("sobol", {"tau=0.1", "tau=0.2"}, {}), "--set tau: is given twice");
  expect_names(error("grid", {"tau=0.1:0.2"}, {}), "--set tau=0.1:0.2: a grid needs a list");
  expect_names(error("grid", {"tau=0.1,0.2"}, 2), "--trials 2: --points grid says");
  expect_names(error("halton", {}, {}), "--points halton: expected sobol, random, grid or a CSV");
  expect_names(error("halton", {"tau=0.1"}, {}), "--set tau=0.1: --points halton has the values");
}

}  // namespace
}  // namespace sac::sweep
