#include <gtest/gtest.h>

#include "tests/ranks/all_ranks.h"

const sac::ranks::Ranks* sac::ranks::all = nullptr;

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  const sac::ranks::Ranks ranks;
  sac::ranks::all = &ranks;
  const int failed = RUN_ALL_TESTS();
  ranks.finish();
  return failed;
}
