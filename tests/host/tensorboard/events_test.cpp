// What a run leaves for TensorBoard, read by TensorBoard's own reader.
#include "host/tensorboard/events.h"

#include <chrono>
#include <sstream>
#include <thread>

#include "tests/host/commands/command_line_fixture.h"

namespace sac::commands {
namespace {

class Events : public CommandLine {
 protected:
  json read(const std::string& run) {
    Program reader("/usr/bin/env", directory_.path(),
                   {SAC_TEST_PYTHON, SAC_SOURCE "/tests/python/read_events.py", run});
    EXPECT_EQ(reader.wait(), 0) << reader.err();
    return json::parse(reader.out());
  }
};

TEST_F(Events, TensorBoardReadsEveryAgentsCurvesAndHyperparameters) {
  output_of(small_run({"--agents", "2", "--updates", "200", "--gamma", "0.9", "--quiet"}));
  std::istringstream csv(file_content(directory_ / "run/metrics.csv"));
  std::string line;
  std::vector<double> means[2];
  std::getline(csv, line);
  while (std::getline(csv, line)) {
    std::vector<std::string> cells;
    std::istringstream in(line);
    for (std::string cell; std::getline(in, cell, ',');) cells.push_back(cell);
    means[std::stoi(cells[0])].push_back(std::stod(cells[7]));
  }
  for (const int agent : {0, 1}) {
    const json found = read(agent == 0 ? "run" : "run/agent1");
    const json& scalars = found["scalars"];
    for (const char* tag : {"eval/mean_reward", "eval/mean_ep_length", "train/critic_loss",
                            "train/actor_loss", "time/fps", "time/total_timesteps"}) {
      EXPECT_EQ(scalars[tag].size(), means[agent].size()) << tag;
    }
    EXPECT_FALSE(scalars.contains("eval/confirmed_mean_reward")) << "there was none";
    for (size_t i = 0; i < means[agent].size(); ++i) {
      EXPECT_FLOAT_EQ(scalars["eval/mean_reward"][i][1], means[agent][i]);
      EXPECT_EQ(scalars["eval/mean_reward"][i][0], scalars["time/total_timesteps"][i][1]);
    }
    EXPECT_EQ(found["hparams"]["gamma"], 0.9);
    EXPECT_EQ(found["hparams"]["env"], "Pendulum-v1");
    EXPECT_EQ(found["hparams"]["agent"], agent);
    EXPECT_EQ(found["hparam_infos"]["keep_going"], 2) << "a bool";
    EXPECT_EQ(found["metric_infos"][0], "eval/mean_reward");
    EXPECT_EQ(found["status"], 1) << "it has ended well";
  }
}

// A later file takes the place of what an earlier one has from its first step on.
TEST_F(Events, AResumedRunGoesOnWithTheCurve) {
  output_of(small_run({"--updates", "200", "--quiet"}));
  const json before = read("run")["scalars"]["eval/mean_reward"];
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // files are named by the second
  output_of({"train", "--resume", "run", "--updates", "400", "--quiet"});
  const json after = read("run")["scalars"]["eval/mean_reward"];
  ASSERT_GT(after.size(), before.size());
  for (size_t i = 1; i < after.size(); ++i) EXPECT_GT(after[i][0], after[i - 1][0]);
  EXPECT_EQ(after[0], before[0]);
}

TEST(EventFile, HasTheNameThatTensorBoardLooksFor) {
  EXPECT_EQ(tensorboard::file_name(1234.4).rfind("events.out.tfevents.1234.", 0), 0u);
}

}  // namespace
}  // namespace sac::commands
