#include "host/statistics/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <vector>

namespace sac::statistics {
namespace {

nlohmann::json rliables_values() {
  std::ifstream in(SAC_TEST_DATA "/statistics/rliable.json");
  return nlohmann::json::parse(in);
}

// Values from SciPy's binomtest(k, n).proportion_ci(0.95, "wilson").
TEST(Statistics, ShareIntervalIsWilsons) {
  const struct {
    int64_t successes, count;
    double low, high;
  } cases[] = {{0, 5, 0, 0.43448246478317476},
               {5, 5, 1 - 0.43448246478317476, 1},
               {3, 7, 0.1582198552514697, 0.7495416354723428},
               {49, 50, 0.8950455641036218, 0.9964607407283538},
               {990, 1000, 0.9816905311296852, 0.9945592455544706}};
  for (const auto& c : cases) {
    const Interval i = share_interval(c.successes, c.count);
    EXPECT_NEAR(i.low, c.low, 1e-12) << c.successes << " of " << c.count;
    EXPECT_NEAR(i.high, c.high, 1e-12) << c.successes << " of " << c.count;
  }
}

TEST(Statistics, MedianOfOddAndEvenCountsAndOfInfinities) {
  const double never = std::numeric_limits<double>::infinity();
  EXPECT_EQ(median(std::vector<double>{3, 1, 2}), 2);
  EXPECT_EQ(median(std::vector<double>{4, 1, 3, 2}), 2.5);
  EXPECT_EQ(median(std::vector<double>{never, 1, never}), never);
  EXPECT_EQ(median(std::vector<double>{never, never, never, 1}), never);
  EXPECT_EQ(median(std::vector<double>{1, 2, never}), 2);
  EXPECT_TRUE(std::isnan(median({})));
}

TEST(Statistics, NothingIsNotANumber) {
  EXPECT_TRUE(std::isnan(interquartile_mean({})));
  EXPECT_TRUE(std::isnan(bootstrap_interval({}, interquartile_mean).low));
}

// tests/data/statistics says how rliable's values were made. An interval's ends are quantiles of
// resamples drawn at random, 50,000 there and 10,000 here: they agree to a few hundredths of its
// width.
TEST(Statistics, InterquartileMeanAndItsIntervalAreRliables) {
  const auto samples = rliables_values();
  ASSERT_EQ(samples.size(), 5u);
  for (const auto& [name, sample] : samples.items()) {
    if (name == "improvement") continue;
    const auto values = sample["values"].get<std::vector<double>>();
    EXPECT_NEAR(interquartile_mean(values), sample["iqm"], 1e-9) << name;
    const double low = sample["interval"][0], high = sample["interval"][1];
    const Interval interval = bootstrap_interval(values, interquartile_mean);
    EXPECT_NEAR(interval.low, low, 0.05 * (high - low)) << name;
    EXPECT_NEAR(interval.high, high, 0.05 * (high - low)) << name;
  }
}

TEST(Statistics, ProbabilityOfImprovementIsRliables) {
  const auto sample = rliables_values()["improvement"];
  const auto x = sample["x"].get<std::vector<double>>(), y = sample["y"].get<std::vector<double>>();
  const Estimate estimate = probability_of_improvement(x, y);
  EXPECT_DOUBLE_EQ(estimate.value, sample["probability"]);
  EXPECT_NEAR(estimate.interval.low, sample["interval"][0], 0.05);
  EXPECT_NEAR(estimate.interval.high, sample["interval"][1], 0.05);
}

TEST(Statistics, EqualValuesAreNoImprovement) {
  const std::vector<double> same{1000, 1000, 1000}, mixed{999, 1000, 1001, 1001};
  EXPECT_EQ(probability_of_improvement(same, same).value, 0.5);
  EXPECT_EQ(probability_of_improvement(mixed, same).value, 0.625);
  EXPECT_TRUE(std::isnan(probability_of_improvement({}, same).value));
}

}  // namespace
}  // namespace sac::statistics
