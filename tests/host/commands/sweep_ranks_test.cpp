// sac_cuda sweep on several ranks, by mpirun.
#include <algorithm>

#include "tests/host/commands/on_ranks.h"
#include "tests/host/commands/sweep_fixture.h"

namespace sac::commands {
namespace {

class SweepOnRanks : public Sweep {
 protected:
  void succeed(const Arguments& arguments) {
    Program program(SAC_MPIEXEC, directory_.path(), arguments);
    EXPECT_EQ(program.wait(), 0) << program.err();
  }
};

TEST_F(SweepOnRanks, TheBitsDoNotDependOnTheirNumber) {
  output_of(small_sweep("alone", {"--halving"}));
  for (const int ranks : {1, 2, 3}) {
    const std::string out = std::to_string(ranks);
    succeed(on_ranks(ranks, small_sweep(out, {"--halving"})));
    expect_same_sweep("alone", out);
  }
}

TEST_F(SweepOnRanks, TheFirstOneSpeaksForAll) {
  Arguments sweep = small_sweep("sweep");
  std::erase(sweep, "--quiet");
  Program program(SAC_MPIEXEC, directory_.path(), on_ranks(2, sweep));
  EXPECT_EQ(program.wait(), 0) << program.err();
  const std::string said = program.out();
  expect_names(said, "6 trials of 2 agents, on 2 ranks");
  EXPECT_EQ(said.find("ranking: "), said.rfind("ranking: "));
}

TEST_F(SweepOnRanks, WhatALostRankHadIsTakenUp) {
  const Arguments sweep = small_sweep("lost", {"--updates", "1500", "--eval-every", "100",
                                               "--save-every", "0.01", "--threads", "1"});
  // The second rank, until it has saved a state.
  const char* lost =
      "\"$@\" & until test -e lost/trial-0005/state.safetensors; do sleep 0.01; done; "
      "kill -9 $!; wait $!";
  Arguments with_a_loss = on_ranks(1, sweep);
  with_a_loss.insert(with_a_loss.end(), {":", "-n", "1", "sh", "-c", lost, "sh", SAC_CUDA_PROGRAM});
  with_a_loss.insert(with_a_loss.end(), sweep.begin(), sweep.end());
  Program program(SAC_MPIEXEC, directory_.path(), with_a_loss);
  EXPECT_NE(program.wait(), 0);
  EXPECT_FALSE(fs::exists(directory_ / "lost/ranking.csv"));
  succeed(on_ranks(3, sweep));
  Arguments whole = sweep;
  std::ranges::replace(whole, "lost", "whole");
  output_of(whole);
  expect_same_sweep("whole", "lost");
}

// An error of the first rank must not leave the others waiting for it.
TEST_F(SweepOnRanks, AnErrorEndsAll) {
  succeed(on_ranks(2, small_sweep("sweep")));
  Program program(SAC_MPIEXEC, directory_.path(),
                  on_ranks(2, small_sweep("sweep", {"--trials", "7"})));
  EXPECT_EQ(program.wait(), 2);
  expect_names(program.err(), "sac_cuda: --out sweep: holds another sweep (points differs)");
}

}  // namespace
}  // namespace sac::commands
