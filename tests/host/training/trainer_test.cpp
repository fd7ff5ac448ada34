#include "host/training/trainer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <sstream>
#include <thread>
#include <vector>

#include "host/files/safetensors.h"
#include "tests/support/fake_learner.h"
#include "tests/support/file_size_limit.h"
#include "tests/support/send_signal.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/usage_error_of.h"

namespace sac::training {
namespace {

// A run with the fake learner on Pendulum-v1: 10 environments, 5 updates per vector step.
class TrainerRun : public testing::Test {
 protected:
  TrainerRun() {
    options.env = "Pendulum-v1";
    options.device = "cpu";
    options.preset = "article";
    options.envs = 10;
    options.updates_per_step = 5;
    options.hidden = 8;
    options.batch = 16;
    options.warmup = 45;
    options.eval_every = 100;
    options.quiet = true;
    options.out = (directory / "run").string();
  }

  RunRecord run() {
    const TrainConfig config = resolve(options);
    learner = std::make_unique<FakeLearner>(config.learner);
    prepare(*learner);
    const Interrupts interrupts;
    RunDirectory files(config, "a fake");
    ProgressDisplay display(config, ProgressMode::lines, printed);
    const RunRecord record = Trainer(config, *learner, files, display, interrupts).run();
    failure = files.finish();
    return record;
  }

  std::vector<int64_t> evaluated_at() const {
    std::vector<int64_t> updates;
    for (const auto& call : learner->evaluations) updates.push_back(call.updates);
    return updates;
  }

  bool exists(const std::string& name) const {
    return std::filesystem::exists(directory / "run" / name);
  }

  TemporaryDirectory directory;
  TrainOptions options;
  std::function<void(FakeLearner&)> prepare = [](FakeLearner&) {};
  std::unique_ptr<FakeLearner> learner;
  std::optional<std::string> failure;  ///< a file that could not be written
  std::ostringstream printed;
};

TEST_F(TrainerRun, WarmsUpThenTrainsToTheStepLimit) {
  options.steps = 1001;
  const RunRecord record = run();
  EXPECT_EQ(learner->warmed_up, 5);  // 45 transitions, 10 at a time
  EXPECT_EQ(record.env_steps, 1010);
  EXPECT_EQ(record.updates, (101 - 5) * 5);
  EXPECT_EQ(record.stop, StopReason::steps);
}

TEST_F(TrainerRun, StopsAtTheUpdateLimitAfterWholeCycles) {
  options.updates = 333;
  const RunRecord record = run();
  EXPECT_EQ(record.updates, 335);
  EXPECT_EQ(record.env_steps, (5 + 67) * 10);
  EXPECT_EQ(record.stop, StopReason::updates);
}

TEST_F(TrainerRun, StopsAtTheTimeLimit) {
  options.time_limit = 0.02;
  EXPECT_EQ(run().stop, StopReason::time_limit);
}

// 101 updates do not divide by 5: evaluations come every 105, and one at the end.
TEST_F(TrainerRun, EvaluatesAtExactUpdateCounts) {
  options.eval_every = 101;
  options.updates = 400;
  run();
  EXPECT_EQ(evaluated_at(), (std::vector<int64_t>{105, 210, 315, 400}));
}

TEST_F(TrainerRun, EvaluatesOnceWhenTheLimitIsAnEvaluation) {
  options.updates = 200;
  run();
  EXPECT_EQ(evaluated_at(), (std::vector<int64_t>{100, 200}));
}

TEST_F(TrainerRun, EvaluationsStartAfresh) {
  options.updates = 200;
  options.seed = 7;
  run();
  for (uint64_t k = 0; k < 2; ++k) {
    const EpisodePlan& plan = learner->evaluations[k].plan;
    EXPECT_EQ(plan.seed, 7u);
    EXPECT_EQ(plan.purpose, Purpose::monitor);
    EXPECT_EQ(plan.number, k);
    EXPECT_EQ(plan.episodes, 100);
    EXPECT_FALSE(plan.sampled);
  }
}

TEST_F(TrainerRun, StopsWhenSolved) {
  prepare = [](FakeLearner& fake) {
    fake.episode_return = [](int, int64_t updates) { return updates >= 300 ? -200 : -201; };
  };
  const RunRecord record = run();
  EXPECT_EQ(record.stop, StopReason::solved);
  EXPECT_EQ(record.updates, 300);
  EXPECT_TRUE(record.at_threshold);
  ASSERT_TRUE(record.seconds_to_solve.has_value());
  EXPECT_EQ(*record.seconds_to_solve, record.train_seconds);
}

TEST_F(TrainerRun, KeepsGoingAfterTheSolve) {
  options.keep_going = true;
  options.updates = 1000;
  prepare = [](FakeLearner& fake) {
    fake.episode_return = [](int, int64_t updates) { return updates == 300 ? -100 : -300; };
  };
  const RunRecord record = run();
  EXPECT_EQ(record.stop, StopReason::updates);
  ASSERT_TRUE(record.seconds_to_solve.has_value());
  EXPECT_LT(*record.seconds_to_solve, record.train_seconds);
  EXPECT_FALSE(record.at_threshold) << "the last evaluation is far below it";
}

TEST_F(TrainerRun, WarnsOnceOfLossesThatBlowUp) {
  options.updates = 300;
  prepare = [](FakeLearner& fake) { fake.next_losses.q2 = 1e24; };
  run();
  const std::string warning = "warning: loss q2 of agent 0 is 1.0e+24 after 100 updates";
  expect_names(printed.str(), warning);
  EXPECT_EQ(printed.str().find("warning", printed.str().find(warning) + 1), std::string::npos);
}

TEST_F(TrainerRun, SolvedMeansEveryAgent) {
  options.agents = 2;
  prepare = [](FakeLearner& fake) {
    fake.episode_return = [](int agent, int64_t updates) {
      return updates >= (agent == 0 ? 200 : 400) ? -150 : -900;
    };
  };
  const RunRecord record = run();
  EXPECT_EQ(record.updates, 400);
  EXPECT_LT(*record.agents[0].seconds_to_solve, *record.agents[1].seconds_to_solve);
  EXPECT_TRUE(exists("checkpoint.safetensors"));
  EXPECT_TRUE(exists("checkpoint_agent1.safetensors"));
}

TEST_F(TrainerRun, TooFewEpisodesAreNeverSolved) {
  options.eval_episodes = 99;
  options.updates = 500;
  prepare = [](FakeLearner& fake) { fake.episode_return = [](int, int64_t) { return 0; }; };
  const RunRecord record = run();
  EXPECT_EQ(record.stop, StopReason::updates);
  EXPECT_FALSE(record.seconds_to_solve.has_value());
  EXPECT_FALSE(record.agents[0].seconds_to_solve.has_value());
}

TEST_F(TrainerRun, ASignalEndsItWithCheckpointAndSummary) {
  prepare = [](FakeLearner& fake) { fake.on_train = [] { send_signal(SIGTERM); }; };
  const RunRecord record = run();
  EXPECT_EQ(record.stop, StopReason::interrupted);
  EXPECT_LE(record.updates, 2 * 5);  // nothing after the first slice
  EXPECT_TRUE(learner->evaluations.empty());
  EXPECT_TRUE(exists("checkpoint.safetensors"));
  EXPECT_TRUE(exists("summary.json"));
}

// Given up, not counted: the run that goes on begins with it.
TEST_F(TrainerRun, ASignalGivesUpAnEvaluation) {
  prepare = [](FakeLearner& fake) {
    fake.on_evaluate = [&fake] {
      if (fake.progress().updates == 200) send_signal(SIGTERM);
    };
  };
  const RunRecord record = run();
  EXPECT_EQ(record.stop, StopReason::interrupted);
  EXPECT_EQ(record.updates, 200);
  EXPECT_EQ(record.evaluations, 1);
  EXPECT_EQ(record.evaluated_updates, 100);
  files::SafetensorsFile checkpoint(directory / "run/checkpoint.safetensors");
  EXPECT_EQ(checkpoint.metadata("updates"), "100");
}

TEST_F(TrainerRun, TheTimeLimitGivesUpAnEvaluation) {
  options.time_limit = 0.05;
  prepare = [](FakeLearner& fake) {
    fake.on_evaluate = [] { std::this_thread::sleep_for(std::chrono::milliseconds(60)); };
  };
  const RunRecord record = run();
  EXPECT_EQ(record.stop, StopReason::time_limit);
  EXPECT_EQ(record.evaluations, 0);
  EXPECT_TRUE(learner->evaluations.empty());
  EXPECT_TRUE(exists("checkpoint.safetensors"));
}

TEST_F(TrainerRun, KeepsTheBestPolicyApart) {
  options.keep_going = true;
  options.updates = 500;
  prepare = [](FakeLearner& fake) {
    fake.episode_return = [](int, int64_t updates) {
      return updates == 300 || updates == 400 ? -300 : -500;
    };
  };
  run();
  const auto updates_of = [&](const char* name) {
    return files::SafetensorsFile(directory / "run" / name).metadata("updates");
  };
  EXPECT_EQ(updates_of("best.safetensors"), "300");
  EXPECT_EQ(updates_of("checkpoint.safetensors"), "500");
}

TEST_F(TrainerRun, SavesItsStateInTimeAndAtTheEnd) {
  options.updates = 1000;
  options.save_every = 1e-9;
  int64_t saved_before_the_end = 0;
  prepare = [&](FakeLearner& fake) {
    fake.on_train = [&] {
      if (fake.progress().updates <= 500) return;
      // The first one is the warm-up's; a slow disk may still be at it.
      for (int i = 0; i < 100 && saved_before_the_end == 0; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        if (!exists("state.safetensors")) continue;
        saved_before_the_end = std::stoll(
            files::SafetensorsFile(directory / "run/state.safetensors").metadata("updates"));
      }
    };
  };
  run();
  EXPECT_GT(saved_before_the_end, 0);
  files::SafetensorsFile state(directory / "run/state.safetensors");
  EXPECT_EQ(state.metadata("updates"), "1000");
}

// Training goes on, and what could not be written is there once it can be.
TEST_F(TrainerRun, AFullDiskIsNoEnd) {
  options.updates = 500;
  std::unique_ptr<FileSizeLimit> full;
  prepare = [&](FakeLearner& fake) {
    fake.on_train = [&] {
      const int64_t updates = fake.progress().updates;
      if (updates > 350) {
        full.reset();
      } else if (updates > 100 && !full) {
        full = std::make_unique<FileSizeLimit>(100);
      }
    };
  };
  const RunRecord record = run();
  EXPECT_EQ(record.updates, 500);
  EXPECT_EQ(failure, std::nullopt);
  files::SafetensorsFile checkpoint(directory / "run/checkpoint.safetensors");
  EXPECT_EQ(checkpoint.metadata("updates"), "500");
  const std::string metrics = file_content(directory / "run/metrics.csv");
  EXPECT_EQ(std::ranges::count(metrics, '\n'), 1 + 5) << metrics;
}

TEST_F(TrainerRun, ADirectoryThatIsGoneIsToldOnceAndAtTheEnd) {
  options.updates = 500;
  prepare = [&](FakeLearner& fake) {
    fake.on_train = [&] {
      if (fake.progress().updates > 100) std::filesystem::remove_all(directory / "run");
    };
  };
  testing::internal::CaptureStderr();
  const RunRecord record = run();
  const std::string told = testing::internal::GetCapturedStderr();
  EXPECT_EQ(record.updates, 500);
  ASSERT_TRUE(failure.has_value());
  expect_names(*failure, "No such file or directory");
  const std::string line = "checkpoint.safetensors: cannot be written: No such file or directory";
  EXPECT_NE(told.find(line), std::string::npos) << told;
  EXPECT_EQ(told.find(line), told.rfind(line)) << told;
}

TEST_F(TrainerRun, ASignalEndsTheWarmUp) {
  options.warmup = 1'000'000;
  prepare = [](FakeLearner& fake) { fake.on_warm_up = [] { send_signal(SIGINT); }; };
  const RunRecord record = run();
  EXPECT_EQ(record.stop, StopReason::interrupted);
  EXPECT_EQ(record.updates, 0);
  EXPECT_LT(learner->warmed_up, 100'000);
}

TEST_F(TrainerRun, DivergenceKeepsTheLastGoodCheckpoint) {
  prepare = [](FakeLearner& fake) {
    fake.on_train = [&fake] {
      if (fake.progress().updates <= 100) return;
      fake.nan_agent = 0;
      fake.nan_since = 103;
    };
  };
  const RunRecord record = run();
  EXPECT_EQ(record.stop, StopReason::diverged);
  EXPECT_GT(record.updates, 100);
  EXPECT_EQ(record.evaluations, 1) << "seen before the next one";
  EXPECT_EQ(record.failures[0], "not finite since gradient step 103, loss q1 is nan");
  files::SafetensorsFile checkpoint(directory / "run/checkpoint.safetensors");
  EXPECT_EQ(checkpoint.metadata("updates"), "100");
  EXPECT_FALSE(exists("state.safetensors")) << "there is nothing to go on with";
}

TEST_F(TrainerRun, OtherAgentsGoOnWhenOneDiverges) {
  options.agents = 2;
  prepare = [](FakeLearner& fake) {
    fake.on_train = [&fake] {
      if (fake.progress().updates <= 100) return;
      fake.nan_agent = 1;
      fake.nan_since = 105;
    };
    fake.episode_return = [](int, int64_t updates) { return updates >= 300 ? -150 : -900; };
  };
  const RunRecord record = run();
  EXPECT_EQ(record.updates, 300) << "until the others have solved it";
  EXPECT_EQ(record.stop, StopReason::diverged);
  EXPECT_TRUE(record.failures[0].empty());
  EXPECT_EQ(files::SafetensorsFile(directory / "run/checkpoint.safetensors").metadata("updates"),
            "300");
  EXPECT_EQ(
      files::SafetensorsFile(directory / "run/checkpoint_agent1.safetensors").metadata("updates"),
      "100");
}

TEST_F(TrainerRun, EvaluationIsOutsideTheTrainingClock) {
  options.eval_every = 50;
  options.updates = 100;
  prepare = [](FakeLearner& fake) {
    fake.episode_return = [](int, int64_t) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      return 0.0;
    };
  };
  options.eval_episodes = 1;
  const RunRecord record = run();
  // The fake trains in microseconds; what is left of the wall time is twice 50 ms of evaluation.
  EXPECT_GE(record.wall_seconds - record.train_seconds, 0.1);
}

}  // namespace
}  // namespace sac::training
