#include "host/training/slice_length.h"

#include <gtest/gtest.h>

namespace sac::training {
namespace {

TEST(SliceLength, StartsSmallAndAtMostDoubles) {
  SliceLength slices;
  EXPECT_LE(slices.next(1000), 2);
  slices.took(2, 1e-6);
  EXPECT_EQ(slices.next(1000), 4);
}

TEST(SliceLength, SettlesOnTensOfMilliseconds) {
  SliceLength slices;
  int64_t cycles = 0;
  for (int i = 0; i < 20; ++i) {
    cycles = slices.next(1'000'000);
    slices.took(cycles, 0.001 * static_cast<double>(cycles));
  }
  EXPECT_GE(cycles, 10);
  EXPECT_LE(cycles, 99);
}

TEST(SliceLength, StaysBetweenOneAndTheLimit) {
  SliceLength slices;
  slices.took(1, 100.0);
  EXPECT_EQ(slices.next(1000), 1);
  slices.took(1 << 20, 1e-9);
  EXPECT_EQ(slices.next(7), 7);
}

}  // namespace
}  // namespace sac::training
