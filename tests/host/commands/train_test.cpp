#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <sstream>
#include <string>
#include <thread>

#include "host/files/checkpoint.h"
#include "tests/host/commands/command_line_fixture.h"

namespace sac::commands {
namespace {

TEST_F(CommandLine, BadRunDirectoriesAreRefused) {
  put_file(directory_ / "file", "");
  expect_names(error_of({"--out", "file"}), "--out file:");
  expect_names(error_of({"--out", "file/run"}), "is not a directory");
  expect_names(error_of({"--out", "/proc/run"}), "--out /proc/run:");
}

TEST_F(CommandLine, TrainsAndLeavesARun) {
  const std::string out = output_of(small_run({"--updates", "120"}));
  expect_names(out, "replay ratio: 4 (1 updates x batch 32 / 8 new transitions)");
  EXPECT_EQ(out.find('\r'), std::string::npos);  // not a terminal
  EXPECT_EQ(summary()["updates"], 120);
  EXPECT_EQ(summary()["stop_reason"], "updates");
  EXPECT_EQ(summary()["eval_at_threshold"], false);
  EXPECT_EQ(summary()["env_steps"], 1000 + 120 * 8);
  std::istringstream metrics(file_content(directory_ / "run/metrics.csv"));
  int lines = 0;
  for (std::string line; std::getline(metrics, line);) ++lines;
  EXPECT_EQ(lines, 1 + 3);  // after 50, 100 and 120 updates
  expect_names(error_of(small_run({"--updates", "1"})), "holds a run already");
}

TEST_F(CommandLine, QuietSaysNothing) {
  EXPECT_EQ(output_of(small_run({"--updates", "10", "--quiet"})), "");
}

TEST_F(CommandLine, ALowReplayRatioIsWarnedOf) {
  expect_names(output_of(small_run({"--updates", "1", "--envs", "64", "--updates-per-step", "1"})),
               "warning: a replay ratio below 1");
}

TEST_F(CommandLine, SaysWhenNothingCanBeCalledSolved) {
  expect_names(output_of(small_run({"--updates", "1", "--eval-episodes", "5"})),
               "--eval-episodes 5 are too few");
}

TEST_F(CommandLine, TheSameSeedIsTheSameRun) {
  std::string first;
  for (const char* out : {"a", "b"}) {
    output_of(small_run({"--updates", "60", "--seed", "5", "--out", out}));
    const std::string checkpoint = file_content(directory_ / out / "checkpoint.safetensors");
    if (first.empty()) first = checkpoint;
    EXPECT_EQ(checkpoint, first);
  }
}

TEST_F(CommandLine, ARunsConfigurationIsARun) {
  output_of(small_run({"--updates", "60", "--gamma", "0.9", "--keep-going"}));
  output_of({"--config", "run/config.json", "--out", "again", "--quiet"});
  EXPECT_EQ(file_content(directory_ / "run/checkpoint.safetensors"),
            file_content(directory_ / "again/checkpoint.safetensors"));
  output_of({"--config", "run/config.json", "--out", "other", "--gamma", "0.8", "--quiet"});
  const json config = json::parse(file_content(directory_ / "other/config.json"));
  EXPECT_EQ(config["gamma"], 0.8) << "the command line wins";
  EXPECT_EQ(config["hidden"], 16);
  EXPECT_EQ(config["keep_going"], true);
}

TEST_F(CommandLine, OptionsFromToml) {
  put_file(directory_ / "a.toml",
           "# a run\nenv = \"Pendulum-v1\"\nhidden = 16\nkeep-going = true\nupdates = 10\n"
           "eval_episodes = 2\ndevice = \"cpu\"\n[train]\nenvs = 8\n");
  output_of({"--config", "a.toml", "--out", "run", "--updates", "20", "--quiet"});
  const json config = json::parse(file_content(directory_ / "run/config.json"));
  EXPECT_EQ(config["env"], "Pendulum-v1");
  EXPECT_EQ(config["hidden"], 16);
  EXPECT_EQ(config["envs"], 8);
  EXPECT_EQ(config["eval_episodes"], 2);
  EXPECT_EQ(config["keep_going"], true);
  EXPECT_EQ(config["updates"], 20) << "the command line wins";
}

TEST_F(CommandLine, BadConfigurationsAreRefused) {
  expect_names(error_of({"--config", "none"}), "--config none: cannot be read");
  put_file(directory_ / "bad", "hiden = 3");
  expect_names(error_of({"--config", "bad"}), "--config bad: hiden is no option");
  put_file(directory_ / "bad", "hidden = x");
  expect_names(error_of({"--config", "bad"}), "--config bad: --hidden x: expected");
  put_file(directory_ / "bad", "{\"hidden\": [1, 2]}");
  expect_names(error_of({"--config", "bad"}), "--config bad: --hidden [1,2]: expected");
  put_file(directory_ / "bad", "{\"resume\": \"run\"}");
  expect_names(error_of({"--config", "bad"}), "--config bad: resume is no option");
  put_file(directory_ / "bad", "{\"keep_going\": \"perhaps\"}");
  expect_names(error_of({"--config", "bad"}), "--config bad: ");
  put_file(directory_ / "bad", "{\"format\": 99}");
  expect_names(error_of({"--config", "bad"}), "bad: format 99, written by a newer");
}

// What the bits hang on is written down as it is for this run.
TEST_F(CommandLine, TheConfigurationNamesTheInstructionSetInUse) {
  Program shell("/bin/sh", directory_.path(),
                {"-c", "ONEDNN_MAX_CPU_ISA=SSE41 " SAC_CUDA_PROGRAM
                       " --env Pendulum-v1 --envs 8 --hidden 16 --updates 1 --eval-episodes 1"
                       " --device cpu --quiet --out run"});
  EXPECT_EQ(shell.wait(), 0) << shell.err();
  const json config = json::parse(file_content(directory_ / "run/config.json"));
  EXPECT_EQ(config["provenance"]["onednn_isa"], "SSE41");
}

TEST_F(CommandLine, ASignalLeavesACompleteRun) {
  for (const int signal : {SIGINT, SIGTERM}) {
    std::filesystem::remove_all(directory_ / "run");
    Program program(SAC_CUDA_PROGRAM, directory_.path(), small_run({"--keep-going"}));
    const std::filesystem::path checkpoint = directory_ / "run/checkpoint.safetensors";
    for (int i = 0; i < 600 && !std::filesystem::exists(checkpoint); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    program.kill(signal);
    EXPECT_EQ(program.wait(), 128 + signal) << program.err();
    EXPECT_EQ(program.err(), "");
    EXPECT_EQ(summary()["stop_reason"], "interrupted");
    files::SafetensorsFile file(checkpoint);
    EXPECT_EQ(std::stoll(file.metadata("updates")) % 50, 0) << "the policy that was evaluated last";
    files::read_checkpoint(file);
    files::SafetensorsFile state(directory_ / "run/state.safetensors");
    EXPECT_EQ(std::to_string(summary()["updates"].get<int64_t>()), state.metadata("updates"));
    expect_names(program.out(), "finishing the step and saving");
  }
}

TEST_F(CommandLine, AClosedPipeEndsTheDisplayAlone) {
  std::string command = SAC_CUDA_PROGRAM;
  for (const std::string& argument : small_run({"--updates", "200"})) command += " " + argument;
  command = "cd " + directory_.path().string() + "; { " + command + "; echo $? > code; } | true";
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(file_content(directory_ / "code"), "0\n");
  EXPECT_EQ(summary()["updates"], 200);
}

// A quota that metrics.csv fits into, and no checkpoint.
TEST_F(CommandLine, AnEndThatCannotBeWrittenIsAFailure) {
  std::string command = "ulimit -f 4; exec " SAC_CUDA_PROGRAM;
  for (const std::string& argument : small_run({"--updates", "100", "--quiet"})) {
    command += " " + argument;
  }
  Program program("/bin/sh", directory_.path(), {"-c", command});
  EXPECT_EQ(program.wait(), 1);
  expect_names(program.err(), "checkpoint.safetensors: cannot be written: File too large\n");
  EXPECT_EQ(summary()["updates"], 100);
}

}  // namespace
}  // namespace sac::commands
