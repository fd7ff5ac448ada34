#include "host/training/finished_run.h"

#include <gtest/gtest.h>

#include <string>

#include "host/training/run_directory.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/usage_error_of.h"

namespace sac::training {
namespace {

TrainOptions pendulum(const std::filesystem::path& out) {
  TrainOptions options;
  options.env = "Pendulum-v1";
  options.device = "cpu";
  options.hidden = 8;
  options.out = out.string();
  return options;
}

/// A run in which the first agent has solved the task and the others never played.
std::filesystem::path finish(const TrainOptions& options) {
  const TrainConfig config = resolve(options);
  RunRecord record;
  record.agents.resize(config.learner.agents);
  record.agents[0].best = {400, -150, 1, 0, 0, 200};
  record.agents[0].seconds_to_solve = 2;
  record.agents[0].updates_to_solve = 300;
  RunDirectory(config, "").write_summary(record);
  return config.out;
}

TEST(FinishedRun, HasTheResultsOfItsAgents) {
  const TemporaryDirectory directory;
  TrainOptions options = pendulum(directory / "run");
  options.agents = 2;
  const FinishedRun run = read_finished_run(finish(options));
  EXPECT_EQ(run.config["hidden"], 8);
  ASSERT_EQ(run.outcomes.size(), 2u);
  EXPECT_EQ(run.outcomes[0].score, -150);
  EXPECT_EQ(run.outcomes[0].seconds_to_solve, 2);
  EXPECT_EQ(run.outcomes[0].updates_to_solve, 300);
  EXPECT_TRUE(std::isnan(run.outcomes[1].score));
}

TEST(FinishedRun, RefusesWhatIsNone) {
  const TemporaryDirectory directory;
  const auto refused = [&](const char* name, const char* reason) {
    expect_names(usage_error_of([&] { read_finished_run(directory / name); }), reason);
  };
  refused("nowhere", "nowhere: expected a run directory");
  std::filesystem::create_directory(directory / "empty");
  refused("empty", "empty: holds no run: no config.json");
  RunDirectory(resolve(pendulum(directory / "running")), "");
  refused("running", "running: the run has not ended yet: no summary.json");
  finish(pendulum(directory / "damaged"));
  put_file(directory / "damaged/summary.json", "{");
  refused("damaged", "summary.json: is no JSON object");
  put_file(directory / "damaged/summary.json", "{}");
  refused("damaged", "holds no run of this program's version");
  put_file(directory / "damaged/summary.json", R"({"agent_results": []})");
  refused("damaged", "has no agent's result");
  finish(pendulum(directory / "newer"));
  put_file(directory / "newer/config.json", R"({"format": 99, "env": "Pendulum-v1"})");
  refused("newer", "99");
}

TEST(FinishedRun, GroupsDifferInOptionsNotInSeeds) {
  const TemporaryDirectory directory;
  std::vector<FinishedRun> runs;
  for (const int hidden : {8, 16}) {
    for (const int seed : {0, 1}) {
      TrainOptions options = pendulum(directory / std::to_string(runs.size()));
      options.hidden = hidden;
      options.seed = seed;
      options.updates = 1000 + seed;
      runs.push_back(read_finished_run(finish(options)));
    }
  }
  TrainOptions other = pendulum(directory / "other");
  other.env = "InvertedPendulum-v5";
  runs.push_back(read_finished_run(finish(other)));
  const std::vector<RunGroup> groups = grouped(runs);
  ASSERT_EQ(groups.size(), 3u);
  EXPECT_EQ(groups[0].name, "hidden 8");
  EXPECT_EQ(groups[1].name, "hidden 16");
  EXPECT_EQ(groups[1].runs.size(), 2u);
  EXPECT_EQ(groups[1].outcomes.size(), 2u);
  EXPECT_EQ(groups[2].name, "") << "alone with its environment";
}

}  // namespace
}  // namespace sac::training
