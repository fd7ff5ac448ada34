#include "host/report/report_data.h"

#include <gtest/gtest.h>

#include "host/base/environments.h"
#include "host/report/page.h"
#include "host/training/metrics.h"
#include "host/training/run_directory.h"
#include "tests/support/temporary_directory.h"

namespace sac::report {
namespace {

using json = nlohmann::ordered_json;

constexpr const char* kTask = "InvertedPendulumSwingupBulletEnv-v0";

/// A run of some hidden width whose agents were evaluated so many times.
training::FinishedRun made_run(const TemporaryDirectory& directory, int hidden, int agents,
                               int evaluations) {
  training::TrainOptions options;
  options.env = kTask;
  options.device = "cpu";
  options.hidden = hidden;
  options.agents = agents;
  options.out = (directory / std::to_string(hidden)).string();
  const training::TrainConfig config = training::resolve(options);
  training::RunRecord record;
  record.agents.resize(agents);
  training::RunDirectory run(config, "a device");
  for (int i = 1; i <= evaluations; ++i) {
    record.updates = 64 * i;
    record.env_steps = 4099 * i;
    record.train_seconds = 0.123456789 * i;
    for (int p = 0; p < agents; ++p) {
      training::AgentRecord& agent = record.agents[p];
      agent.returns = {64, 1000.0 * i / (evaluations + p + 0.7), 12.3456789, 0, 0, 1000};
      agent.losses = {0.123456789 / i, -12.3456789 / i, 1.23456789e-5 * i, 1.23456789e5 / i};
      agent.diagnostics = {1.23456789 / i, 0.123456789, 0, 12.3456789 * i, 0.123456789, 1.0 / i};
      if (i == evaluations) agent.confirmation = agent.returns;
      agent.best = agent.returns;
    }
    record.returns = record.agents[0].returns;
    run.add_evaluation(record);
  }
  record.agents[0].seconds_to_solve = 2;
  record.agents[0].updates_to_solve = 300;
  run.write_summary(record);
  return training::read_finished_run(run.path());
}

SeenPolicy policy_of_zeros() {
  SeenPolicy seen;
  seen.file = "best.safetensors";
  seen.environment = environment_index(kTask);
  const env::EnvironmentInfo& task = environment_info(seen.environment);
  seen.policy.shape = {.obs = task.obs, .act = task.act, .hidden = 8};
  seen.policy.parameters.assign(agent_stride(seen.policy.shape), 0.1);
  seen.has_value = true;
  return seen;
}

TEST(ReportData, HasWhatTheRunsHave) {
  const TemporaryDirectory directory;
  const std::vector<training::FinishedRun> runs{made_run(directory, 8, 2, 5),
                                                made_run(directory, 16, 1, 4)};
  const json data = report_data(training::grouped(runs), {policy_of_zeros()});
  ASSERT_EQ(data["groups"].size(), 2u);
  const json& group = data["groups"][0];
  EXPECT_EQ(group["name"], "hidden 8");
  EXPECT_EQ(group["target"], 800);
  EXPECT_EQ(group["config"]["hidden"], 8);
  EXPECT_EQ(group["result"]["solved"], 1);
  EXPECT_EQ(group["runs"][0]["agent_results"][0]["seconds_to_solve"], 2);
  EXPECT_EQ(group["runs"][0]["device_description"], "a device");
  ASSERT_EQ(group["agents"].size(), 2u);
  EXPECT_EQ(group["agents"][1]["updates"], (json{64, 128, 192, 256, 320}));
  EXPECT_EQ(group["agents"][1]["return"][0], 149.3);  // 1000 / 6.7 in four digits
  EXPECT_EQ(group["agents"][0]["confirmed"]["updates"], json{320});
  EXPECT_EQ(group["returns"]["updates"]["x"].back(), 320);
  EXPECT_EQ(group["returns"]["train_seconds"]["x"].back(), 0.6173);
  EXPECT_EQ(group["health"]["entropy"]["mean"][0], 1.235);
  EXPECT_EQ(group["policy"]["file"], "best.safetensors");
  EXPECT_EQ(group["policy"]["episodes"].size(), 3u);
  EXPECT_FALSE(data["groups"][1].contains("policy"));
  EXPECT_TRUE(group["improvement"].is_null()) << "it is the first";
  // One agent with 1000 * 4 / 4.7, against two with 1000 * 5 / 5.7 and 1000 * 5 / 6.7.
  EXPECT_EQ(data["groups"][1]["improvement"]["value"], 0.5);
  EXPECT_LE(data["groups"][1]["improvement"]["interval"][0], 0.5);
  EXPECT_GE(data["groups"][1]["improvement"]["interval"][1], 0.5);
  // One agent: the interval is that of its evaluation's mean.
  const json& alone = data["groups"][1]["returns"]["updates"];
  EXPECT_LT(alone["low"][0], alone["mean"][0]);
}

TEST(ReportData, StaysBelowAMegabyteForTenRunsOfTenAgents) {
  const TemporaryDirectory directory;
  std::vector<training::FinishedRun> runs;
  for (int i = 1; i <= 10; ++i) runs.push_back(made_run(directory, 8 * i, 10, 400));
  const std::vector<training::RunGroup> groups = training::grouped(runs);
  ASSERT_EQ(groups.size(), 10u);  // the most there can be
  const std::vector<SeenPolicy> policies(kMostPolicies, policy_of_zeros());
  EXPECT_LT(page(report_data(groups, policies)).size(), 1'000'000u);
}

}  // namespace
}  // namespace sac::report
