// sac_cuda sweep, from outside: its trials are the runs that train makes, to the bit, however they
// are launched and whatever interrupts them.
#include <chrono>
#include <csignal>
#include <map>
#include <sstream>
#include <thread>

#include "tests/host/commands/command_line_fixture.h"

namespace sac::commands {
namespace {

namespace fs = std::filesystem;

class Sweep : public CommandLine {
 protected:
  static Arguments small_options(const Arguments& more) {
    Arguments arguments{"--env",           "Pendulum-v1", "--envs",   "8",   "--hidden",     "16",
                        "--batch",         "32",          "--device", "cpu", "--eval-every", "20",
                        "--eval-episodes", "4",           "--quiet"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  // Six trials of two agents.
  static Arguments small_sweep(const std::string& out, const Arguments& more = {}) {
    Arguments arguments =
        small_options({"--set", "policy-lr=1e-4:1e-2:log", "--set", "tau=0.005,0.1", "--trials",
                       "6", "--seeds", "2", "--seed", "5", "--updates", "80", "--out", out});
    arguments.insert(arguments.begin(), "sweep");
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  // metrics.csv without seconds and rates.
  static std::string curve(const fs::path& file) {
    std::istringstream csv(file_content(file));
    std::string rows;
    for (std::string line; std::getline(csv, line); rows += '\n') {
      std::istringstream cells(line);
      int column = 0;
      for (std::string cell; std::getline(cells, cell, ','); ++column) {
        if (column < 3 || column > 6) rows += cell + ',';
      }
    }
    return rows;
  }

  // What a run says of itself, where that follows from its options.
  std::map<std::string, std::string> results_in(const fs::path& run) const {
    std::map<std::string, std::string> results;
    for (const fs::directory_entry& entry : fs::directory_iterator(directory_ / run)) {
      const std::string name = entry.path().filename();
      if (name == "metrics.csv") results[name] = curve(entry.path());
      if (name.starts_with("checkpoint") || name.starts_with("best")) {
        results[name] = file_content(entry.path());
      }
    }
    const json all = json::parse(file_content(directory_ / run / "summary.json"));
    for (const char* key : {"updates", "env_steps", "stop_reason", "solved", "eval_return_mean"}) {
      results[key] = all.at(key).dump();
    }
    return results;
  }

  void expect_same_sweep(const std::string& a, const std::string& b) const {
    EXPECT_EQ(file_content(directory_ / a / "ranking.csv"),
              file_content(directory_ / b / "ranking.csv"));
    EXPECT_EQ(file_content(directory_ / a / "ranking.json"),
              file_content(directory_ / b / "ranking.json"));
    for (int t = 0; t < 6; ++t) {
      const std::string trial = "trial-000" + std::to_string(t);
      EXPECT_TRUE(results_in(a + "/" + trial) == results_in(b + "/" + trial)) << trial;
    }
  }

  // Best first.
  json ranked_trials(const std::string& sweep) const {
    return json::parse(file_content(directory_ / sweep / "ranking.json")).at("trials");
  }

  void kill_after(const Arguments& arguments, const std::string& file, int signal) {
    Program program(SAC_CUDA_PROGRAM, directory_.path(), arguments);
    for (int i = 0; i < 3000 && !fs::exists(directory_ / file); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    program.kill(signal);
    EXPECT_EQ(program.wait(), 128 + signal) << "it ended by itself: " << program.err();
  }
};

TEST_F(Sweep, ATrialIsTheRunThatTrainMakes) {
  output_of(small_sweep("sweep"));
  for (const json& trial : ranked_trials("sweep")) {
    const int number = trial.at("trial");
    const std::string alone = "alone" + std::to_string(number);
    output_of(small_options({"--agents", "2", "--seed", std::to_string(5 + 2 * number), "--updates",
                             "80", "--policy-lr", trial.at("policy_lr").dump(), "--tau",
                             trial.at("tau").dump(), "--out", alone}));
    const std::string run = "sweep/" + trial.at("run").get<std::string>();
    EXPECT_TRUE(results_in(run) == results_in(alone)) << run;
    json config = json::parse(file_content(directory_ / run / "config.json"));
    EXPECT_EQ(config, json::parse(file_content(directory_ / alone / "config.json")));
  }
}

// Trials that have solved the task end at different evaluations, while others go on.
TEST_F(Sweep, ATrialThatEndsEarlyIsTheRunThatTrainMakes) {
  const Arguments task{"--target-return", "-1300", "--eval-episodes", "100", "--updates", "200"};
  Arguments sweep = small_sweep("sweep", task);
  output_of(sweep);
  std::map<std::string, int> ends;
  for (const json& trial : ranked_trials("sweep")) {
    const int number = trial.at("trial");
    const std::string alone = "alone" + std::to_string(number);
    Arguments train =
        small_options({"--agents", "2", "--seed", std::to_string(5 + 2 * number), "--updates",
                       "200", "--policy-lr", trial.at("policy_lr").dump(), "--tau",
                       trial.at("tau").dump(), "--out", alone});
    train.insert(train.end(), task.begin(), task.end());
    output_of(train);
    const auto results = results_in("sweep/" + trial.at("run").get<std::string>());
    EXPECT_TRUE(results == results_in(alone)) << alone;
    ++ends[results.at("updates")];
  }
  EXPECT_GT(ends.size(), 1u);
}

TEST_F(Sweep, TheResultsDoNotDependOnTheLaunches) {
  for (const Arguments& more : {Arguments{}, Arguments{"--halving"}}) {
    const auto with = [&](Arguments some) {
      some.insert(some.end(), more.begin(), more.end());
      return some;
    };
    const std::string name = more.empty() ? "all" : "half";
    output_of(small_sweep(name + "-one", with({"--threads", "1"})));
    output_of(small_sweep(name + "-two", with({"--agents", "5", "--threads", "2"})));
    expect_same_sweep(name + "-one", name + "-two");
  }
}

TEST_F(Sweep, TheWorseHalfEndsAtEveryRung) {
  output_of(small_sweep("sweep", {"--halving"}));
  std::map<int, int> ended;
  double best = 1e9;
  for (const json& trial : ranked_trials("sweep")) {
    ++ended[trial.at("updates").get<int>()];
    EXPECT_LE(trial.at("return_iqm").get<double>(), best);
    best = trial.at("return_iqm");
  }
  EXPECT_EQ(ended, (std::map<int, int>{{20, 3}, {40, 1}, {80, 2}}));
  EXPECT_EQ(ranked_trials("sweep").at(0).at("updates"), 80);
}

TEST_F(Sweep, AfterAKillItIsTheUndisturbedSweep) {
  const Arguments more{"--halving", "--save-every", "0.01",         "--agents", "8",
                       "--updates", "2000",         "--eval-every", "100"};
  output_of(small_sweep("whole", more));
  kill_after(small_sweep("killed", more), "killed/trial-0001/state.safetensors", SIGKILL);
  kill_after(small_sweep("killed", more), "killed/halving.json", SIGKILL);
  kill_after(small_sweep("killed", more), "killed/halving.json", SIGTERM);
  output_of(small_sweep("killed", more));
  expect_same_sweep("whole", "killed");
  const std::string ranking = file_content(directory_ / "whole/ranking.csv");
  output_of(small_sweep("whole", more));  // nothing is left to do
  EXPECT_EQ(file_content(directory_ / "whole/ranking.csv"), ranking);
}

TEST_F(Sweep, ADivergedTrialIsRankedLast) {
  output_of({"sweep",       "--env",
             "Pendulum-v1", "--envs",
             "8",           "--hidden",
             "16",          "--batch",
             "32",          "--device",
             "cpu",         "--eval-every",
             "20",          "--eval-episodes",
             "4",           "--quiet",
             "--set",       "reward-scale=2,1e6",
             "--set",       "value-lr=1,1e-3",
             "--points",    "grid",
             "--seeds",     "2",
             "--updates",   "600",
             "--out",       "sweep"});
  EXPECT_EQ(ranked_trials("sweep").size(), 4u);
}

TEST_F(Sweep, OtherCommandsReadItsTrials) {
  output_of(small_sweep("sweep"));
  expect_names(output_of({"compare", "sweep/trial-0000", "sweep/trial-0001"}), "policy_lr");
  expect_names(output_of({"evaluate", "sweep/trial-0003", "--episodes", "2"}), "return");
  output_of({"--resume", "sweep/trial-0002", "--updates", "100", "--quiet"});
}

TEST_F(Sweep, SaysWhatItDoes) {
  Arguments arguments = small_sweep("sweep");
  std::erase(arguments, "--quiet");
  const std::string said = output_of(arguments);
  expect_names(said, "6 trials of 2 agents; sweep directory: sweep");
  expect_names(said, "interquartile mean return");
  expect_names(said, "ranking: sweep/ranking.csv, ranking.json");
  expect_names(output_of(arguments), "going on in: sweep");
}

TEST_F(Sweep, RefusesInOneLine) {
  output_of(small_sweep("sweep"));
  expect_names(error_of(small_sweep("sweep", {"--tau", "0.1"})), "--set tau: the option has");
  expect_names(error_of(small_sweep("sweep", {"--hidden", "8"})),
               "--out sweep: holds another sweep (first_trial differs)");
  expect_names(error_of(small_sweep("sweep", {"--trials", "7"})), "holds another sweep (points");
  expect_names(error_of(small_sweep("sweep/trial-0000")), "holds a run already");
  expect_names(error_of(small_sweep("new", {"--set", "batch=32,64"})),
               "--set batch: cannot be swept; expected policy-lr, value-lr, gamma, tau or "
               "reward-scale");
  expect_names(error_of(small_sweep("new", {"--agents", "1"})), "--agents 1: expected at least 2");
  expect_names(error_of(small_sweep("new", {"--halving", "--trials", "1"})),
               "--halving: one trial");
  expect_names(error_of(small_sweep("new", {"--halving", "--updates", "20"})),
               "--halving: 20 updates have no evaluation before the end");
  expect_names(error_of(small_sweep("new", {"--resume", "sweep"})), "--resume");
  expect_names(error_of({"sweep", "--set", "tau=0.1", "--keep-going", "--device", "cpu"}),
               "--keep-going: a sweep ends by --updates or --steps");
  expect_names(error_of({"sweep"}), "--set is required");
}

}  // namespace
}  // namespace sac::commands
