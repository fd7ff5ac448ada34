#include <gtest/gtest.h>

#include "kernels/env/environment.h"

namespace sac::env {
namespace {

TEST(EpisodeEnd, GoesOnBeforeTheLimit) {
  EXPECT_FALSE(episode_end(false, 199, 200).ended());
}

TEST(EpisodeEnd, IsCutAtTheLimit) {
  const EpisodeEnd end = episode_end(false, 200, 200);
  EXPECT_TRUE(end.truncated);
  EXPECT_FALSE(end.terminated);
  EXPECT_TRUE(end.ended());
}

TEST(EpisodeEnd, TerminatedIsNotTruncated) {
  for (const int steps : {1, 199, 200}) {
    const EpisodeEnd end = episode_end(true, steps, 200);
    EXPECT_TRUE(end.terminated);
    EXPECT_FALSE(end.truncated);
    EXPECT_TRUE(end.ended());
  }
}

}  // namespace
}  // namespace sac::env
