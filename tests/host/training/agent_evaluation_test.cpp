#include "host/training/agent_evaluation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <map>
#include <string>
#include <vector>

#include "tests/host/training/trainer_fixture.h"
#include "tests/support/send_signal.h"
#include "tests/support/usage_error_of.h"

namespace sac::training {
namespace {

TEST_F(TrainerRun, StopsWhenSolved) {
  prepare = [](FakeLearner& fake) {
    fake.episode_return = [](int, int64_t updates) { return updates >= 300 ? -200 : -201; };
  };
  const RunRecord record = run();
  EXPECT_EQ(record.stop, StopReason::solved);
  EXPECT_EQ(record.updates, 300);
  EXPECT_TRUE(record.at_threshold);
  ASSERT_TRUE(record.seconds_to_solve().has_value());
  EXPECT_EQ(*record.seconds_to_solve(), record.train_seconds);
}

TEST_F(TrainerRun, KeepsGoingAfterTheSolve) {
  options.keep_going = true;
  options.updates = 1000;
  prepare = [](FakeLearner& fake) {
    fake.episode_return = [](int, int64_t updates) { return updates == 300 ? -100 : -300; };
  };
  const RunRecord record = run();
  EXPECT_EQ(record.stop, StopReason::updates);
  ASSERT_TRUE(record.seconds_to_solve().has_value());
  EXPECT_LT(*record.seconds_to_solve(), record.train_seconds);
  EXPECT_FALSE(record.at_threshold) << "the last evaluation is far below it";
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
  EXPECT_FALSE(record.seconds_to_solve().has_value());
  EXPECT_FALSE(record.agents[0].seconds_to_solve.has_value());
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
  EXPECT_EQ(updates_of("best.safetensors"), "300");
  EXPECT_EQ(updates_of("checkpoint.safetensors"), "500");
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

TEST_F(TrainerRun, AConfirmationIsALargerEvaluationOfOtherStartStates) {
  options.seed = 7;
  prepare = [](FakeLearner& fake) {
    fake.episode_return = [](int, int64_t updates) { return updates >= 200 ? -150 : -900; };
  };
  run();
  ASSERT_EQ(evaluated_at(), (std::vector<int64_t>{100, 200, 200}));
  const EpisodePlan& plan = learner->evaluations[2].plan;
  EXPECT_EQ(plan.purpose, Purpose::confirm);
  EXPECT_EQ(plan.number, 1u) << "as the evaluation that it confirms";
  EXPECT_EQ(plan.episodes, 400);
  EXPECT_EQ(plan.seed, 7u);
}

TEST_F(TrainerRun, LuckIsNotASolution) {
  options.updates = 500;
  prepare = [](FakeLearner& fake) {
    fake.episode_return = [](int, int64_t updates) { return updates == 300 ? -150 : -250; };
    fake.confirmed_return = [](int, int64_t) { return -201; };
  };
  const RunRecord record = run();
  EXPECT_EQ(record.stop, StopReason::updates);
  EXPECT_FALSE(record.seconds_to_solve().has_value());
  EXPECT_EQ(evaluated_at(), (std::vector<int64_t>{100, 200, 300, 300, 400, 500}));
  expect_names(file_content(directory / "run/metrics.csv"), ",-150,0,-150,-150,200,-201,");
}

// 400 episodes of -200 +- 80 have a standard error of 4.005.
TEST_F(TrainerRun, AConfirmationMustClearItsOwnNoise) {
  options.updates = 300;
  prepare = [](FakeLearner& fake) {
    fake.spread = 80;
    fake.episode_return = [](int, int64_t) { return -190; };
    fake.confirmed_return = [](int, int64_t updates) { return updates == 100 ? -192.1 : -191.9; };
  };
  const RunRecord record = run();
  EXPECT_EQ(record.stop, StopReason::solved);
  EXPECT_EQ(record.agents[0].updates_to_solve, 200);
  EXPECT_NEAR(record.agents[0].best.mean, -191.9, 1e-9);
  EXPECT_EQ(record.agents[0].best.episodes, 400);
}

TEST_F(TrainerRun, TheTargetReturnIsTheThreshold) {
  options.target_return = -500;
  prepare = [](FakeLearner& fake) {
    fake.episode_return = [](int, int64_t updates) { return updates >= 200 ? -499 : -501; };
  };
  const RunRecord record = run();
  EXPECT_EQ(record.stop, StopReason::solved);
  EXPECT_EQ(record.updates, 200);
}

TEST_F(TrainerRun, AConfirmedPolicyIsBetterThanALuckyOne) {
  options.keep_going = true;
  options.updates = 600;
  prepare = [](FakeLearner& fake) {
    fake.episode_return = [](int, int64_t updates) {
      return std::map<int64_t, double>{{100, -300}, {200, -120}, {300, -160},
                                       {400, -155}, {500, -100}, {600, -190}}[updates];
    };
    fake.confirmed_return = [](int, int64_t updates) {
      return std::map<int64_t, double>{{200, -210}, {300, -165}, {400, -150}, {500, -170}}[updates];
    };
  };
  const RunRecord record = run();
  EXPECT_EQ(record.agents[0].updates_to_solve, 300);
  EXPECT_EQ(updates_of("best.safetensors"), "400") << "-150 confirmed beats -165 and -170";
  EXPECT_EQ(record.agents[0].best.mean, -150);
  // No more than is of use: 600 cannot be better than the best.
  EXPECT_EQ(evaluated_at(),
            (std::vector<int64_t>{100, 200, 200, 300, 300, 400, 400, 500, 500, 600}));
}

TEST_F(TrainerRun, AgentsThatHaveSolvedStop) {
  options.agents = 3;
  prepare = [](FakeLearner& fake) {
    fake.episode_return = [](int agent, int64_t updates) {
      return updates >= 200 * (1 + agent) ? -150 - agent : -900;
    };
  };
  const RunRecord record = run();
  EXPECT_EQ(record.stop, StopReason::solved);
  EXPECT_EQ(record.updates, 600);
  EXPECT_EQ(learner->retired, (std::vector<int>{0, 1, 2}));
  EXPECT_EQ(updates_of("checkpoint.safetensors"), "200") << "it keeps its own";
  EXPECT_EQ(updates_of("checkpoint_agent1.safetensors"), "400");
  EXPECT_EQ(updates_of("best_agent2.safetensors"), "600");
  for (int p = 0; p < 3; ++p) EXPECT_EQ(record.agents[p].updates_to_solve, 200 * (1 + p));
  EXPECT_DOUBLE_EQ(record.returns.mean, -151) << "of each agent's latest evaluation";
  using Plays = std::vector<bool>;
  EXPECT_EQ(learner->evaluations.back().plan.agents, (Plays{false, false, true}));
  EXPECT_EQ(learner->evaluations[2].plan.agents, (Plays{true, false, false})) << "confirmed alone";
  const std::string metrics = file_content(directory / "run/metrics.csv");
  EXPECT_EQ(std::ranges::count(metrics, '\n'), 1 + 2 * 3 + 2 * 2 + 2 * 1) << metrics;
}

TEST_F(TrainerRun, NobodyStopsInARunThatKeepsGoing) {
  options.agents = 2;
  options.keep_going = true;
  options.updates = 300;
  prepare = [](FakeLearner& fake) { fake.episode_return = [](int, int64_t) { return -150; }; };
  const RunRecord record = run();
  EXPECT_EQ(record.updates, 300);
  EXPECT_TRUE(learner->retired.empty());
}

TEST_F(TrainerRun, AnAgentThatHasSolvedGoesOnAtEverLowerRates) {
  options.agents = 2;
  options.keep_going = true;
  options.updates = 400;
  prepare = [](FakeLearner& fake) {
    fake.episode_return = [](int agent, int64_t) { return agent == 0 ? -900 : -150; };
  };
  const RunRecord record = run();
  EXPECT_EQ(record.agents[1].updates_to_solve, 100);
  EXPECT_EQ(learner->hyperparameters.count(0), 0u);
  const Hyperparameters before = resolve(options).learner.hyper, now = learner->hyperparameters[1];
  EXPECT_DOUBLE_EQ(now.policy_lr, before.policy_lr / 4);
  EXPECT_DOUBLE_EQ(now.value_lr, before.value_lr / 4);
  EXPECT_DOUBLE_EQ(now.q_lr, before.q_lr / 4);
  EXPECT_EQ(now.tau, before.tau);
}

TEST_F(TrainerRun, ASignalGivesUpAConfirmation) {
  prepare = [](FakeLearner& fake) {
    fake.episode_return = [](int, int64_t) { return -150; };
    fake.on_evaluate = [&fake] {
      if (!fake.evaluations.empty()) send_signal(SIGTERM);
    };
  };
  const RunRecord record = run();
  EXPECT_EQ(record.stop, StopReason::interrupted);
  EXPECT_EQ(record.evaluations, 0) << "the run that goes on begins with the evaluation itself";
}

}  // namespace
}  // namespace sac::training
