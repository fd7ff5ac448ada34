#include "tests/host/training/trainer_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <memory>
#include <thread>
#include <vector>

#include "tests/support/file_size_limit.h"
#include "tests/support/send_signal.h"
#include "tests/support/usage_error_of.h"

namespace sac::training {
namespace {

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

TEST_F(TrainerRun, TellsOfEveryEvaluationOnceItsFilesAreThere) {
  std::vector<int64_t> told;
  evaluated = [&](const RunRecord& record) {
    told.push_back(record.evaluated_updates);
    EXPECT_EQ(updates_of("checkpoint.safetensors"), std::to_string(record.updates));
  };
  options.updates = 400;
  run();
  EXPECT_EQ(told, (std::vector<int64_t>{100, 200, 300, 400}));
  EXPECT_EQ(told, evaluated_at());
}

TEST_F(TrainerRun, EvaluatesOnceWhenTheLimitIsAnEvaluation) {
  options.updates = 200;
  run();
  EXPECT_EQ(evaluated_at(), (std::vector<int64_t>{100, 200}));
}

TEST_F(TrainerRun, WarnsOnceOfLossesThatBlowUp) {
  options.updates = 300;
  prepare = [](FakeLearner& fake) { fake.next_losses.q2 = 1e24; };
  run();
  const std::string warning = "warning: loss q2 of agent 0 is 1.0e+24 after 100 updates";
  expect_names(printed.str(), warning);
  EXPECT_EQ(printed.str().find("warning", printed.str().find(warning) + 1), std::string::npos);
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
      const std::filesystem::path out = directory / "run";
      if (fake.progress().updates <= 100 || !std::filesystem::exists(out)) return;
      std::filesystem::rename(out, directory / "gone");  // at once, amid its writing
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
