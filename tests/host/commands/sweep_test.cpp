// sac_cuda sweep, from outside: its trials are the runs that train makes, to the bit, however they
// are launched and whatever interrupts them.
#include <chrono>
#include <csignal>
#include <map>
#include <thread>

#include "tests/host/commands/sweep_fixture.h"
#include "tests/support/browser.h"

namespace sac::commands {
namespace {

class KilledSweep : public Sweep {
 protected:
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

TEST_F(KilledSweep, AfterAKillItIsTheUndisturbedSweep) {
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

TEST_F(Sweep, AReportShowsItsTrials) {
  output_of(small_sweep("sweep"));
  expect_names(output_of({"report", "sweep", "--out", "report.html"}), "report.html: 6 runs, ");
  const std::string page = file_content(directory_ / "report.html");
  expect_names(page, "\"path\":\"sweep/trial-0005\"");
  expect_names(page, "\"trials_in_all\":6");
  fs::remove(directory_ / "sweep/ranking.json");
  expect_names(error_of({"report", "sweep", "--out", "report.html"}),
               "sweep: the sweep has not ended yet: no ranking.json");
}

TEST_F(Sweep, AReportDrawsItsTrialsWithoutAnError) {
  if (!has_browser()) GTEST_SKIP() << kBrowser << " is not there";
  output_of(small_sweep("sweep"));
  output_of({"report", "sweep", "--out", "report.html"});
  const std::string drawn = drawn_page(directory_.path(), "report.html", 900);
  expect_names(drawn, "class=\"trial best\"");
  expect_names(drawn, "class=\"front\"");
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
               "--set batch: cannot be swept; expected policy-lr, value-lr, gamma, tau, "
               "reward-scale or target-entropy");
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
