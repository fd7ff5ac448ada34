#include "host/training/returns.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace sac::training {
namespace {

TEST(Returns, StatisticsOfTheEpisodes) {
  const Returns r = summarise({{2, 4, 4, 4, 5, 5, 7, 9}, {10, 20, 30, 40, 50, 60, 70, 80}});
  EXPECT_EQ(r.episodes, 8);
  EXPECT_DOUBLE_EQ(r.mean, 5);
  EXPECT_DOUBLE_EQ(r.std, 2);  // the textbook's example
  EXPECT_DOUBLE_EQ(r.standard_error(), 2 / std::sqrt(7.0));
  EXPECT_EQ(r.min, 2);
  EXPECT_EQ(r.max, 9);
  EXPECT_DOUBLE_EQ(r.mean_length, 45);
}

TEST(Returns, PooledAreThoseOfAllEpisodes) {
  const std::vector<Returns> parts{summarise({{2, 4, 4}, {10, 20, 30}}), summarise({}),
                                   summarise({{4, 5, 5, 7, 9}, {40, 50, 60, 70, 80}})};
  const Returns all = summarise({{2, 4, 4, 4, 5, 5, 7, 9}, {10, 20, 30, 40, 50, 60, 70, 80}});
  const Returns r = pooled(parts);
  EXPECT_EQ(r.episodes, all.episodes);
  EXPECT_DOUBLE_EQ(r.mean, all.mean);
  EXPECT_DOUBLE_EQ(r.std, all.std);
  EXPECT_EQ(r.min, all.min);
  EXPECT_EQ(r.max, all.max);
  EXPECT_DOUBLE_EQ(r.mean_length, all.mean_length);
}

TEST(Returns, NothingIsZero) {
  for (const Returns& r : {summarise({}), pooled({})}) {
    EXPECT_EQ(r.episodes, 0);
    EXPECT_EQ(r.mean, 0);
    EXPECT_EQ(r.standard_error(), 0);
  }
}

}  // namespace
}  // namespace sac::training
