#include "kernels/random.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace sac {
namespace {

// Known answers of Philox4x32-10 (Random123's kat_vectors): zero counter and key, and all ones.
TEST(Random, KnownAnswers) {
  const RandomBlock zero = random_block({0}, Purpose::initialise, 0, 0);
  EXPECT_EQ(zero.word[0], 0x6627e8d5u);
  EXPECT_EQ(zero.word[1], 0xe169c58du);
  EXPECT_EQ(zero.word[2], 0xbc57ac4cu);
  EXPECT_EQ(zero.word[3], 0x9b00dbd8u);
  const uint64_t ones = ~uint64_t{0};
  const RandomBlock full = random_block({ones}, static_cast<Purpose>(~0u), ~0u, ones);
  EXPECT_EQ(full.word[0], 0x408f276du);
  EXPECT_EQ(full.word[1], 0x41c83b0eu);
  EXPECT_EQ(full.word[2], 0xa20bc7c6u);
  EXPECT_EQ(full.word[3], 0x6d5451fdu);
}

TEST(Random, WordsBelongToTheirBlock) {
  for (uint32_t element = 0; element < 16; ++element) {
    EXPECT_EQ(random_word({5}, Purpose::explore, element, 9),
              random_block({5}, Purpose::explore, element / 4, 9).word[element % 4]);
  }
}

TEST(Random, EveryCoordinateMatters) {
  const uint32_t word = random_word({5}, Purpose::explore, 3, 9);
  EXPECT_NE(word, random_word({6}, Purpose::explore, 3, 9));
  EXPECT_NE(word, random_word({5 + (uint64_t{1} << 32)}, Purpose::explore, 3, 9));
  EXPECT_NE(word, random_word({5}, Purpose::reset, 3, 9));
  EXPECT_NE(word, random_word({5}, Purpose::explore, 4, 9));
  EXPECT_NE(word, random_word({5}, Purpose::explore, 3, 10));
  EXPECT_NE(word, random_word({5}, Purpose::explore, 3, 9 + (uint64_t{1} << 32)));
}

// A new purpose must not move the others: a seed means the same run for ever.
TEST(Random, PurposesKeepTheirNumbers) {
  EXPECT_EQ(static_cast<uint32_t>(Purpose::initialise), 0u);
  EXPECT_EQ(static_cast<uint32_t>(Purpose::explore), 3u);
  EXPECT_EQ(static_cast<uint32_t>(Purpose::evaluate), 7u);
  EXPECT_EQ(static_cast<uint32_t>(Purpose::monitor), 8u);
  EXPECT_EQ(static_cast<uint32_t>(Purpose::confirm), 10u);
  EXPECT_EQ(static_cast<uint32_t>(Purpose::sample), 9u);
}

TEST(Random, Uniform01StaysInsideTheOpenInterval) {
  EXPECT_GT(uniform01<float>(0), 0.0f);
  EXPECT_LT(uniform01<float>(~0u), 1.0f);
  for (uint32_t word : {0u, 1u << 20, 123456789u, ~0u}) {
    EXPECT_EQ(static_cast<double>(uniform01<float>(word)), uniform01<double>(word));
  }
}

TEST(Random, UniformBelowCoversItsRange) {
  EXPECT_EQ(uniform_below(0, 7), 0u);
  EXPECT_EQ(uniform_below(~0u, 7), 6u);
  std::vector<int> count(7, 0);
  for (uint32_t i = 0; i < 70000; ++i) {
    ++count[uniform_below(random_word({1}, Purpose::replay_index, i, 0), 7)];
  }
  for (int c : count) EXPECT_NEAR(c, 10000, 5 * 93);  // five standard deviations
}

TEST(Random, NormalsHaveTheirMoments) {
  const int n = 200000;
  double sum = 0, square = 0, fourth = 0, lag = 0, previous = 0;
  for (uint32_t i = 0; i < n; ++i) {
    const double x = random_normal<double>({3}, Purpose::explore, i, 4);
    sum += x;
    square += x * x;
    fourth += x * x * x * x;
    lag += x * previous;
    previous = x;
  }
  const double standard_error = 1 / std::sqrt(n);
  EXPECT_NEAR(sum / n, 0, 5 * standard_error);
  EXPECT_NEAR(square / n, 1, 5 * std::sqrt(2) * standard_error);
  EXPECT_NEAR(fourth / n, 3, 5 * std::sqrt(96) * standard_error);
  EXPECT_NEAR(lag / n, 0, 5 * standard_error);
}

TEST(Random, ResetDrawsAreTheElementsOfTheirIndex) {
  ResetDraws<double> draws({2}, Purpose::reset, 3, 4);
  for (uint32_t i = 0; i < 6; ++i) {
    EXPECT_EQ(draws.uniform(0, 1),
              uniform01<double>(random_word({2}, Purpose::reset, 16 * 3 + i, 4)));
  }
}

}  // namespace
}  // namespace sac
