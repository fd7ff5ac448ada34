#include "host/training/returns.h"

#include <gtest/gtest.h>

#include <vector>

namespace sac::training {
namespace {

TEST(Returns, StatisticsOfAllEpisodesTogether) {
  const std::vector<Evaluation> evaluations{{{2, 4, 4, 4}, {10, 20, 30, 40}},
                                            {{5, 5, 7, 9}, {50, 60, 70, 80}}};
  const Returns r = summarise(evaluations);
  EXPECT_EQ(r.episodes, 8);
  EXPECT_DOUBLE_EQ(r.mean, 5);
  EXPECT_DOUBLE_EQ(r.std, 2);  // the textbook's example
  EXPECT_EQ(r.min, 2);
  EXPECT_EQ(r.max, 9);
  EXPECT_DOUBLE_EQ(r.mean_length, 45);
}

TEST(Returns, NothingIsZero) {
  const Returns r = summarise({});
  EXPECT_EQ(r.episodes, 0);
  EXPECT_EQ(r.mean, 0);
}

}  // namespace
}  // namespace sac::training
