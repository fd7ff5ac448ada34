#include "host/training/run_directory.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "host/files/checkpoint.h"
#include "host/training/metrics.h"
#include "tests/support/fake_learner.h"
#include "tests/support/file_size_limit.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/usage_error_of.h"

namespace sac::training {
namespace {

using nlohmann::json;

TrainConfig small_config(const std::filesystem::path& out) {
  TrainOptions options;
  options.env = "Pendulum-v1";
  options.algorithm = "sac-v1";
  options.device = "cpu";
  options.hidden = 8;
  options.agents = 2;
  options.out = out.string();
  return resolve(options);
}

RunRecord two_agents() {
  RunRecord record;
  record.env_steps = 8192;
  record.updates = 64;
  record.train_seconds = 2;
  record.wall_seconds = 3;
  record.returns = {200, -500, 100, -700, -300, 200};
  record.agents.resize(2);
  record.agents[0].returns = {100, -400, 1, -410, -390, 200};
  record.agents[0].losses = {0.5, -1, 2, 3};
  record.agents[0].confirmation = Returns{400, -190, 5, -230, -150, 200};
  record.agents[0].best = *record.agents[0].confirmation;
  record.agents[0].seconds_to_solve = 1.5;
  record.agents[0].updates_to_solve = 48;
  record.agents[1].returns = {100, -600, 2, -610, -590, 199};
  record.evaluated_updates = record.agents[0].evaluated_updates = 64;
  record.agents[1].evaluated_updates = 64;
  record.stop = StopReason::steps;
  return record;
}

TEST(RunDirectory, WritesTheConfiguration) {
  const TemporaryDirectory directory;
  const RunDirectory run(small_config(directory / "a/b"), "some processor");
  EXPECT_EQ(run.path(), directory / "a/b");
  const json config = json::parse(file_content(directory / "a/b/config.json"));
  EXPECT_EQ(config["env"], "Pendulum-v1");
  EXPECT_EQ(config["hidden"], 8);
  EXPECT_EQ(config["device_description"], "some processor");
  for (const char* key : {"commit", "compiler", "compiled_for", "onednn", "onednn_isa"}) {
    EXPECT_NE(config["provenance"].value(key, ""), "") << key;
  }
}

TEST(RunDirectory, AddsARowPerAgent) {
  const TemporaryDirectory directory;
  RunDirectory run(small_config(directory / "run"), "");
  run.add_evaluation(two_agents());
  run.add_evaluation(two_agents());
  std::istringstream csv(file_content(directory / "run/metrics.csv"));
  std::string line;
  std::getline(csv, line);
  EXPECT_EQ(line, metrics_header().substr(0, line.size()));
  std::getline(csv, line);
  expect_names(line, "0,8192,64,2,3,4096,32,-400,1,-410,-390,200,-190,0.5,-1,2,3,");
  std::getline(csv, line);
  expect_names(line, "1,8192,64,2,3,4096,32,-600,2,-610,-590,199,,0,0,0,0,");
  int rest = 0;
  while (std::getline(csv, line)) ++rest;
  EXPECT_EQ(rest, 2);
}

TEST(RunDirectory, SummaryHasItsFields) {
  const TemporaryDirectory directory;
  RunDirectory run(small_config(directory / "run"), "");
  run.write_summary(two_agents());
  const json summary = json::parse(file_content(directory / "run/summary.json"));
  EXPECT_EQ(summary["env"], "Pendulum-v1");
  EXPECT_EQ(summary["device"], "cpu");
  EXPECT_EQ(summary["seed"], 0);
  EXPECT_EQ(summary["envs"], 64);
  EXPECT_EQ(summary["agents"], 2);
  EXPECT_EQ(summary["hidden"], 8);
  EXPECT_EQ(summary["batch"], 64);
  EXPECT_EQ(summary["env_steps"], 8192);
  EXPECT_EQ(summary["updates"], 64);
  EXPECT_EQ(summary["wall_seconds"], 3);
  EXPECT_EQ(summary["env_steps_per_second"], 4096);  // over the two seconds of training
  EXPECT_EQ(summary["updates_per_second"], 32);
  EXPECT_EQ(summary["eval_return_mean"], -500);
  EXPECT_EQ(summary["eval_return_std"], 100);
  EXPECT_EQ(summary["eval_episodes"], 100);
  EXPECT_EQ(summary["solved"], false);
  EXPECT_TRUE(summary["seconds_to_solve"].is_null());
  EXPECT_EQ(summary["replay_ratio"], 8);
  EXPECT_EQ(summary["stop_reason"], "steps");
  EXPECT_EQ(summary["target_return"], -200);
  const json& first = summary["agent_results"][0];
  EXPECT_EQ(first["solved"], true);
  EXPECT_EQ(first["seconds_to_solve"], 1.5);
  EXPECT_EQ(first["updates_to_solve"], 48);
  EXPECT_EQ(first["best_return_mean"], -190);
  EXPECT_EQ(first["best_episodes"], 400);
  EXPECT_EQ(summary["agent_results"][1]["solved"], false);
  EXPECT_TRUE(summary["agent_results"][1]["best_return_mean"].is_null());
  EXPECT_EQ(summary["over_agents"]["solved"], 1);
  EXPECT_EQ(summary["over_agents"]["solved_share"], 0.5);
  EXPECT_EQ(summary["over_agents"]["return_iqm"], -190);
  EXPECT_TRUE(summary["over_agents"]["median_seconds_to_solve"].is_null());
}

TEST(RunDirectory, SummaryOfARunThatWasNeverEvaluated) {
  const TemporaryDirectory directory;
  RunDirectory run(small_config(directory / "run"), "");
  run.write_summary({});
  const json summary = json::parse(file_content(directory / "run/summary.json"));
  EXPECT_TRUE(summary["eval_return_mean"].is_null());
  EXPECT_EQ(summary["eval_episodes"], 0);
  EXPECT_EQ(summary["updates_per_second"], 0);
}

TEST(RunDirectory, CheckpointsNameTheirRun) {
  const TemporaryDirectory directory;
  const TrainConfig config = small_config(directory / "run");
  RunDirectory run(config, "");
  FakeLearner learner(config.learner);
  run.write_checkpoint(0, learner.state(0), two_agents());
  run.write_checkpoint(1, learner.state(1), two_agents());
  files::SafetensorsFile second(directory / "run/checkpoint_agent1.safetensors");
  const files::Checkpoint checkpoint = files::read_checkpoint(second);
  EXPECT_EQ(checkpoint.environment, "Pendulum-v1");
  EXPECT_EQ(checkpoint.state.parameters[0], 1.5);
  EXPECT_EQ(second.metadata("agent"), "1");
  EXPECT_EQ(second.metadata("seed"), "0");
  EXPECT_EQ(second.metadata("env_steps"), "8192");
  EXPECT_TRUE(std::filesystem::exists(directory / "run/checkpoint.safetensors"));
}

// A run that went on from such a state would never write the policy that is missing.
TEST(RunDirectory, NoStateIsNewerThanThePoliciesBesideIt) {
  const TemporaryDirectory directory;
  const TrainConfig config = small_config(directory / "run");
  RunDirectory run(config, "");
  FakeLearner learner(config.learner);
  const auto state = directory / "run/state.safetensors";
  const auto in_the_way = directory / "run/best_agent1.safetensors.tmp";
  std::filesystem::create_directories(in_the_way / "full");
  run.write_best(1, learner.state(1), two_agents());
  run.save_state(learner.snapshot(), two_agents());
  expect_names(run.finish().value_or(""), "best_agent1.safetensors: cannot be written: Is a dir");
  EXPECT_FALSE(std::filesystem::exists(state));
  std::filesystem::remove_all(in_the_way);
  EXPECT_EQ(run.finish(), std::nullopt);
  EXPECT_TRUE(std::filesystem::exists(state));
  EXPECT_TRUE(std::filesystem::exists(directory / "run/best_agent1.safetensors"));
}

// Files that a reader, or the next run, meets whole or not at all.
TEST(RunDirectory, GoingOnElsewhereCopiesWholePolicies) {
  const TemporaryDirectory directory;
  TrainConfig config = small_config(directory / "first");
  FakeLearner learner(config.learner);
  RunDirectory(config, "").write_best(1, learner.state(1), two_agents());
  config.resumed = directory / "first";
  config.out = directory / "second";
  {
    const FileSizeLimit limit(1000);
    EXPECT_THROW(RunDirectory(config, ""), std::runtime_error);
  }
  EXPECT_FALSE(std::filesystem::exists(directory / "second/best_agent1.safetensors"));
  const RunDirectory second(config, "");
  EXPECT_EQ(file_content(directory / "second/best_agent1.safetensors"),
            file_content(directory / "first/best_agent1.safetensors"));
}

TEST(RunDirectory, RefusesADirectoryThatHoldsARun) {
  for (const char* name : {"config.json", "metrics.csv", "summary.json", "checkpoint.safetensors",
                           "best.safetensors", "state.safetensors"}) {
    const TemporaryDirectory directory;
    put_file(directory / name, "precious");
    expect_names(usage_error_of([&] { RunDirectory(small_config(directory.path()), ""); }), name);
    EXPECT_EQ(file_content(directory / name), "precious");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory.path()), {}), 1);
  }
}

TEST(RunDirectory, TakesADirectoryWithOtherFiles) {
  const TemporaryDirectory directory;
  put_file(directory / "notes.txt", "mine");
  const RunDirectory run(small_config(directory.path()), "");
  EXPECT_EQ(file_content(directory / "notes.txt"), "mine");
}

TEST(RunDirectory, RefusesWhatIsNoDirectory) {
  const TemporaryDirectory directory;
  put_file(directory / "file", "");
  for (const char* name : {"file", "file/run", "file/a/b"}) {
    expect_names(usage_error_of([&] { require_usable_run_directory(directory / name); }),
                 "is not a directory");
  }
  expect_names(usage_error_of([&] { RunDirectory(small_config("/proc/run"), ""); }), "--out /proc");
}

TEST(RunDirectory, CheckingChangesNothing) {
  const TemporaryDirectory directory;
  require_usable_run_directory(directory / "a/b/c");
  EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
}

// Two runs that start in the same second do not share a directory.
TEST(RunDirectory, DefaultNamesAreFresh) {
  const TemporaryDirectory directory;
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(directory.path());
  std::set<std::string> names;
  for (int i = 0; i < 3; ++i) names.insert(RunDirectory(small_config(""), "").path().string());
  std::filesystem::current_path(before);
  EXPECT_EQ(names.size(), 3u);
  EXPECT_EQ(names.begin()->rfind("runs/Pendulum-v1-0-2", 0), 0u) << *names.begin();
}

}  // namespace
}  // namespace sac::training
