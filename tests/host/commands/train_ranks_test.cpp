// sac_cuda train on several ranks, by mpirun: one run of all of them. Compiled once for CPUs, and
// once for GPUs, of which the emulator gives every rank one.
#include "tests/host/commands/command_line_fixture.h"
#include "tests/host/commands/on_ranks.h"

namespace sac::commands {
namespace {

#ifdef SAC_RANKS_DEVICE
constexpr const char* kDevice = SAC_RANKS_DEVICE;
#else
constexpr const char* kDevice = "cpu";
#endif

class TrainOnRanks : public CommandLine {
 protected:
  static Arguments run(const std::string& out, const std::string& updates,
                       const std::string& batch = "256") {
    return {"train", "--env",           "Pendulum-v1", "--hidden",     "32",     "--envs",
            "300",   "--batch",         batch,         "--updates",    updates,  "--out",
            out,     "--eval-episodes", "4",           "--eval-every", "20",     "--device",
            kDevice, "--threads",       "1",           "--quiet",      "--seed", "2"};
  }

  void succeed(int ranks, const Arguments& command) {
    Program program(SAC_MPIEXEC, directory_.path(), on_ranks(ranks, command));
    EXPECT_EQ(program.wait(), 0) << program.err();
  }

  std::string policy(const std::string& run) const {
    return file_content(directory_ / run / "checkpoint.safetensors");
  }

  double last_return(const std::string& run) const {
    const std::string summary = file_content(directory_ / run / "summary.json");
    return nlohmann::json::parse(summary).at("eval_return_mean");
  }
};

TEST_F(TrainOnRanks, AreOneRun) {
  output_of(run("alone", "40"));
  succeed(1, run("one", "40"));
  succeed(2, run("two", "40"));
  EXPECT_EQ(policy("one"), policy("alone"));
  EXPECT_NEAR(last_return("two"), last_return("alone"), 1e-3 * std::abs(last_return("alone")));
  const std::string config = file_content(directory_ / "two/config.json");
  expect_names(config, "\"ranks\": 2");
}

TEST_F(TrainOnRanks, GoOnToTheBit) {
  succeed(2, run("whole", "40"));
  succeed(2, run("half", "20"));
  succeed(2, {"train", "--resume", "half", "--updates", "40", "--threads", "1", "--quiet"});
  EXPECT_EQ(policy("half"), policy("whole"));
  const std::string said = output_of({"train", "--resume", "half", "--updates", "60"});
  expect_names(said, "this run was on 2 ranks so far and goes on on 1: its bits may differ");
}

TEST_F(TrainOnRanks, AreNoMoreThanCanShareTheBatch) {
  const bool on_cpus = std::string(kDevice) == "cpu";
  Program program(SAC_MPIEXEC, directory_.path(),
                  on_ranks(3, run("three", "40", on_cpus ? "256" : "2")));
  EXPECT_EQ(program.wait(), 2);
  expect_names(program.err(),
               on_cpus ? "sac_cuda: 3 ranks: a batch of 256 is computed in 2 tiles with hidden 32"
                       : "sac_cuda: 3 ranks: a batch of 2 has not a row for each");
  EXPECT_FALSE(std::filesystem::exists(directory_ / "three"));
}

}  // namespace
}  // namespace sac::commands
