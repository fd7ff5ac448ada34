#include "bench/samples.h"

#include <gtest/gtest.h>

namespace sac::bench {
namespace {

TEST(Samples, MedianAndQuartilesLieBetweenValues) {
  const Samples odd({5, 1, 3});
  EXPECT_EQ(odd.median(), 3);
  EXPECT_EQ(odd.low(), 1);
  EXPECT_EQ(odd.high(), 5);
  EXPECT_DOUBLE_EQ(odd.spread(), (4.0 - 2.0) / 3.0);
  const Samples even({4, 1, 2, 3});
  EXPECT_DOUBLE_EQ(even.median(), 2.5);
  EXPECT_DOUBLE_EQ(even.spread(), (3.25 - 1.75) / 2.5);
}

TEST(Samples, AnOutlierDoesNotMoveTheSpread) {
  EXPECT_EQ(Samples({10, 10, 10, 10, 10, 10, 10, 90}).spread(), 0);
}

TEST(Samples, OneValueHasNoSpread) {
  EXPECT_EQ(Samples({7}).median(), 7);
  EXPECT_EQ(Samples({7}).spread(), 0);
}

TEST(Samples, MappedValuesAreSortedAnew) {
  const Samples rates = Samples({1, 2, 4}).mapped([](double x) { return 8 / x; });
  EXPECT_EQ(rates.values(), (std::vector<double>{2, 4, 8}));
}

}  // namespace
}  // namespace sac::bench
