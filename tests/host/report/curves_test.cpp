#include "host/report/curves.h"

#include <gtest/gtest.h>

#include <cmath>

namespace sac::report {
namespace {

using Values = std::vector<double>;

TEST(Curves, AreThinnedWithTheirEnds) {
  EXPECT_EQ(thinned(0, 5), std::vector<size_t>{});
  EXPECT_EQ(thinned(3, 5), (std::vector<size_t>{0, 1, 2}));
  EXPECT_EQ(thinned(101, 5), (std::vector<size_t>{0, 25, 50, 75, 100}));
}

TEST(Band, IsTheMeanBetweenTheAgents) {
  const Band b = band({{{0, 4}, {0, 8}}, {{0, 2, 4}, {2, 2, 2}}}, 3, AfterEnd::leaves, range);
  EXPECT_EQ(b.x, (Values{0, 2, 4}));
  EXPECT_EQ(b.mean, (Values{1, 3, 5}));
  EXPECT_EQ(b.low, (Values{0, 2, 2}));
  EXPECT_EQ(b.high, (Values{2, 4, 8}));
}

TEST(Band, KnowsWhatBecomesOfAnAgentThatHasEnded) {
  const std::vector<Curve> curves{{{0, 2}, {10, 10}}, {{0, 4}, {0, 0}}};
  EXPECT_EQ(band(curves, 2, AfterEnd::keeps_last, range).mean, (Values{5, 5}));
  EXPECT_EQ(band(curves, 2, AfterEnd::leaves, range).mean, (Values{5, 0}));
}

TEST(Band, LeavesOutWhatIsNoNumber) {
  const double nan = std::nan("");
  const Band b = band({{{0, 1, 2}, {1, nan, 3}}, {{0}, {nan}}, {}}, 3, AfterEnd::leaves, range);
  EXPECT_EQ(b.mean, (Values{1, 2, 3}));
  EXPECT_TRUE(band({{{0}, {nan}}}, 3, AfterEnd::leaves, range).x.empty());
}

TEST(Band, HasTheBootstrapIntervalOfItsMean) {
  const statistics::Interval several = mean_interval({1, 2, 3, 4});
  EXPECT_LT(several.low, 2.5);
  EXPECT_GT(several.high, 2.5);
  EXPECT_GE(several.low, 1);
  EXPECT_EQ(mean_interval({7}).high, 7);
  Values many(49, 0), more(50, 0);  // from 50 on another way, to about the same
  for (size_t i = 0; i < many.size(); ++i) many[i] = more[i] = static_cast<double>(i % 7);
  more[49] = 3;
  EXPECT_NEAR(mean_interval(many).low, mean_interval(more).low, 0.05);
  EXPECT_NEAR(mean_interval(many).high, mean_interval(more).high, 0.05);
}

}  // namespace
}  // namespace sac::report
