// `train --resume` from outside: a run that is killed and goes on ends where an undisturbed one
// does, to the bit. Built twice: for the CPU learner, and for the kernels on the emulator.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "host/files/safetensors.h"
#include "tests/support/program.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/usage_error_of.h"

#ifndef SAC_RESUME_DEVICE
#define SAC_RESUME_DEVICE "cpu"
#endif

namespace sac::commands {
namespace {

using Arguments = std::vector<std::string>;

class Resume : public testing::Test {
 protected:
  // Two agents whose replay wraps, evaluated every 20 updates: one run in a second.
  static Arguments run(const Arguments& more, const char* env = "Pendulum-v1",
                       const char* eval_episodes = "3") {
    Arguments arguments{"--env",           env,
                        "--envs",          "9",
                        "--agents",        "2",
                        "--hidden",        "32",
                        "--device",        SAC_RESUME_DEVICE,
                        "--replay-size",   "300",
                        "--warmup",        "100",
                        "--eval-every",    "20",
                        "--batch",         "16",
                        "--seed",          "3",
                        "--eval-episodes", eval_episodes,
                        "--keep-going",    "--quiet"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  void succeed(const Arguments& arguments) {
    Program program(SAC_CUDA_PROGRAM, directory_.path(), arguments);
    EXPECT_EQ(program.wait(), 0) << program.err();
    EXPECT_EQ(program.err(), "");
  }

  std::string error_of(const Arguments& arguments) {
    Program program(SAC_CUDA_PROGRAM, directory_.path(), arguments);
    EXPECT_EQ(program.wait(), 2);
    const std::string error = program.err();
    EXPECT_EQ(error.find('\n'), error.size() - 1) << error;
    return error;
  }

  // metrics.csv without the four columns of seconds and rates.
  std::string curve(const std::string& run) const {
    std::istringstream csv(file_content(directory_ / run / "metrics.csv"));
    std::string rows;
    for (std::string line; std::getline(csv, line);) {
      std::istringstream cells(line);
      int column = 0;
      for (std::string cell; std::getline(cells, cell, ','); ++column) {
        if (column < 3 || column > 6) rows += cell + ',';
      }
      rows += '\n';
    }
    return rows;
  }

  // The last policies and the best; but a run that was ended at a limit may have found its best
  // one there, out of turn.
  void expect_same_run(const std::string& a, const std::string& b, bool best = true) const {
    EXPECT_EQ(curve(a), curve(b));
    std::vector<const char*> names{"checkpoint.safetensors", "checkpoint_agent1.safetensors"};
    if (best) names.insert(names.end(), {"best.safetensors", "best_agent1.safetensors"});
    for (const char* name : names) {
      const std::string content = file_content(directory_ / a / name);
      EXPECT_FALSE(content.empty()) << name;
      EXPECT_TRUE(content == file_content(directory_ / b / name))
          << name << " of " << a << ", " << b;
    }
  }

  int64_t updates_in_state(const std::string& run) const {
    return std::stoll(
        files::SafetensorsFile(directory_ / run / "state.safetensors").metadata("updates"));
  }

  // Starts a run that saves all the time, and kills it once it has saved a few updates.
  void start_and_kill(const Arguments& arguments, const std::string& out, int64_t after_updates) {
    Program program(SAC_CUDA_PROGRAM, directory_.path(), arguments);
    const auto state = directory_ / out / "state.safetensors";
    for (int i = 0; i < 3000; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      if (std::filesystem::exists(state) && updates_in_state(out) >= after_updates) break;
    }
    program.kill(SIGKILL);
    EXPECT_EQ(program.wait(), 128 + SIGKILL) << "it ended by itself: " << program.err();
  }

  TemporaryDirectory directory_;
};

TEST_F(Resume, AfterALimitItIsTheUndisturbedRun) {
  succeed(run({"--updates", "70", "--out", "whole"}));
  succeed(run({"--updates", "33", "--out", "parts"}));  // not at an evaluation
  succeed({"--resume", "parts", "--updates", "47", "--quiet"});
  succeed({"--resume", "parts", "--updates", "70", "--threads", "2", "--quiet"});
  expect_same_run("whole", "parts", false);
}

// Solved at the first evaluation: from there on at falling learning rates.
TEST_F(Resume, AfterTheSolveItIsTheUndisturbedRun) {
  const auto solved_at = [](const char* target, const char* updates, const char* out) {
    return run({"--target-return", target, "--updates", updates, "--out", out},
               "InvertedPendulumBulletEnv-v0", "64");
  };
  succeed(solved_at("1", "70", "whole"));
  succeed(solved_at("1", "53", "parts"));
  succeed({"--resume", "parts", "--updates", "70", "--quiet"});
  expect_same_run("whole", "parts", false);
  succeed(solved_at("1000", "70", "unsolved"));
  EXPECT_NE(file_content(directory_ / "whole/checkpoint.safetensors"),
            file_content(directory_ / "unsolved/checkpoint.safetensors"));
}

TEST_F(Resume, AfterTheWarmUpsHalf) {
  succeed(run({"--updates", "20", "--out", "whole"}));
  succeed(run({"--time-limit", "0.000001", "--out", "parts"}));
  EXPECT_EQ(updates_in_state("parts"), 0);
  succeed({"--resume", "parts", "--time-limit", "1h", "--updates", "20", "--quiet"});
  expect_same_run("whole", "parts", false);
}

TEST_F(Resume, AfterAKillItIsTheUndisturbedRun) {
  start_and_kill(run({"--save-every", "0.01", "--out", "killed"}), "killed", 25);
  put_file(directory_ / "killed/state.safetensors.tmp", "half a file");
  start_and_kill({"--resume", "killed", "--save-every", "0.01", "--quiet"}, "killed",
                 updates_in_state("killed") + 30);
  const std::string updates = std::to_string(updates_in_state("killed") + 45);
  succeed({"--resume", "killed", "--updates", updates, "--quiet"});
  EXPECT_FALSE(std::filesystem::exists(directory_ / "killed/state.safetensors.tmp"));
  succeed(run({"--updates", updates, "--out", "whole"}));
  expect_same_run("whole", "killed");
}

TEST_F(Resume, WithoutAStateItStartsOver) {
  start_and_kill(run({"--save-every", "0.01", "--out", "killed"}), "killed", 5);
  std::filesystem::remove(directory_ / "killed/state.safetensors");
  succeed({"--resume", "killed", "--updates", "50", "--quiet"});
  succeed(run({"--updates", "50", "--out", "whole"}));
  expect_same_run("whole", "killed");
}

TEST_F(Resume, GoesOnElsewhere) {
  succeed(run({"--updates", "60", "--out", "whole"}));
  succeed(run({"--updates", "40", "--out", "first"}));
  const std::string before = curve("first");
  succeed({"--resume", "first", "--updates", "60", "--out", "second", "--quiet"});
  expect_same_run("whole", "second");
  EXPECT_EQ(curve("first"), before);
}

TEST_F(Resume, EverySignalSavesAndGoesOn) {
  const std::pair<int, const char*> signals[] = {
      {SIGINT, "int"}, {SIGTERM, "term"}, {SIGHUP, "hup"}, {SIGUSR1, "usr1"}, {SIGXCPU, "xcpu"}};
  // So many that none ends before its signal: the emulator takes its time.
  const char* updates = std::string(SAC_RESUME_DEVICE) == "cpu" ? "3000" : "300";
  succeed(run({"--updates", updates, "--out", "whole"}));
  for (const auto& [signal, out] : signals) {
    Program program(SAC_CUDA_PROGRAM, directory_.path(),
                    run({"--updates", updates, "--save-every", "0", "--out", out}));
    const auto checkpoint = directory_ / out / "checkpoint.safetensors";
    for (int i = 0; i < 3000 && !std::filesystem::exists(checkpoint); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    program.kill(signal);
    EXPECT_EQ(program.wait(), 128 + signal) << program.err();
    succeed({"--resume", out, "--quiet"});
    expect_same_run("whole", out);
  }
}

TEST_F(Resume, RefusesWhatContradictsTheRun) {
  succeed(run({"--updates", "20", "--out", "run"}));
  const std::pair<const char*, const char*> wrong[] = {{"--env", "InvertedPendulum-v5"},
                                                       {"--preset", "article"},
                                                       {"--seed", "4"},
                                                       {"--envs", "10"},
                                                       {"--agents", "1"},
                                                       {"--hidden", "64"},
                                                       {"--batch", "17"},
                                                       {"--replay-size", "99"},
                                                       {"--warmup", "7"},
                                                       {"--updates-per-step", "2"},
                                                       {"--policy-lr", "0.5"},
                                                       {"--value-lr", "0.5"},
                                                       {"--gamma", "0.5"},
                                                       {"--tau", "0.5"},
                                                       {"--reward-scale", "7"},
                                                       {"--eval-every", "7"},
                                                       {"--eval-episodes", "7"},
                                                       {"--precision", "bf16"},
                                                       {"--mlp", "cublas"}};
  for (const auto& [option, value] : wrong) {
    expect_names(error_of({"--resume", "run", option, value}),
                 std::string("sac_cuda: ") + option + " " + value + ": expected ");
  }
  succeed({"--resume", "run", "--hidden", "32", "--quiet"});  // what it is anyway
}

TEST_F(Resume, RefusesWhatIsNoRun) {
  expect_names(error_of({"--resume", "none"}), "--resume none: expected a run directory");
  std::filesystem::create_directory(directory_ / "empty");
  expect_names(error_of({"--resume", "empty"}), "--resume empty: holds no run");
  put_file(directory_ / "empty/config.json", "{");
  expect_names(error_of({"--resume", "empty"}), "--resume empty: holds no run");
  put_file(directory_ / "empty/config.json",
           "{\"env\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}");
  expect_names(error_of({"--resume", "empty"}), "--resume empty: holds no run");
  put_file(directory_ / "empty/config.json", "{\"env\": 3}");
  expect_names(error_of({"--resume", "empty"}), "empty/config.json: config 'env' is no string");
  put_file(directory_ / "empty/config.json", "{\"format\": 2}");
  expect_names(error_of({"--resume", "empty"}), "empty/config.json: format 2, written by a newer");
  succeed(run({"--updates", "20", "--out", "run"}));
  std::filesystem::resize_file(directory_ / "run/state.safetensors", 5000);
  expect_names(error_of({"--resume", "run"}), "run/state.safetensors: truncated");
}

}  // namespace
}  // namespace sac::commands
