#include <gtest/gtest.h>

#include <string>

#include "host/base/named_parameters.h"
#include "host/files/checkpoint.h"
#include "tests/host/commands/command_line_fixture.h"

namespace sac::commands {
namespace {

TEST_F(CommandLine, EvaluatesACheckpoint) {
  output_of(small_run({"--updates", "10", "--quiet"}));
  const std::string text = output_of({"evaluate", "run/checkpoint.safetensors", "--episodes", "7"});
  expect_names(text, "Pendulum-v1: 7 episodes, return -");
  const json result = json::parse(
      output_of({"evaluate", "run/checkpoint.safetensors", "--episodes", "7", "--json"}));
  EXPECT_EQ(result["checkpoint"], "run/checkpoint.safetensors");
  EXPECT_EQ(json::parse(output_of({"evaluate", "run", "--json"}))["checkpoint"],
            "run/best.safetensors");
  EXPECT_EQ(result["episodes"], 7);
  EXPECT_EQ(result["length_mean"], 200);
  EXPECT_LE(result["return_min"], result["return_mean"]);
  EXPECT_LE(result["return_mean"], result["return_max"]);
}

// A file that another program cut out of a checkpoint: only the policy, in any type, and nothing
// said of it but what --env says.
TEST_F(CommandLine, EvaluatesABarePolicy) {
  output_of(small_run({"--updates", "10", "--quiet"}));
  files::SafetensorsFile whole(directory_ / "run/checkpoint.safetensors");
  std::vector<files::NamedArray> policy;
  for (const NamedTensor& t : named_parameters({.obs = 3, .act = 1, .hidden = 16})) {
    const bool mean = t.network == Network::pi && !t.name.starts_with("pi.log_std");
    if (mean) policy.push_back({t.name, t.shape, whole.read(t.name, t.shape)});
  }
  files::write_safetensors(directory_ / "policy.safetensors", policy, {}, files::Dtype::f64);
  const Arguments evaluate{"evaluate", "policy.safetensors", "--episodes", "3"};
  expect_names(error_of(evaluate),
               "policy.safetensors: metadata env is missing: expected --env ID");
  Arguments with_env = evaluate;
  with_env.insert(with_env.end(), {"--env", "Pendulum-v1"});
  EXPECT_EQ(output_of(with_env),
            output_of({"evaluate", "run/checkpoint.safetensors", "--episodes", "3"}));
  with_env.push_back("--stochastic");
  expect_names(error_of(with_env), "tensor 'pi.log_std.weight' is missing");
  with_env.back() = "--env=InvertedPendulum-v5";
  expect_names(error_of(with_env), "made for obs 3, act 1");
}

TEST_F(CommandLine, EvaluatesWithSampledActions) {
  output_of(small_run({"--updates", "10", "--quiet"}));
  const Arguments evaluate{"evaluate", "run/checkpoint.safetensors", "--episodes", "3"};
  Arguments sampled = evaluate;
  sampled.push_back("--stochastic");
  expect_names(output_of(sampled), "Pendulum-v1: 3 episodes with sampled actions, return -");
  EXPECT_EQ(output_of(sampled), output_of(sampled));
  sampled.insert(sampled.end(), {"--device", "cuda"});
  expect_names(error_of(sampled), "--stochastic: the GPU plays the mean action alone");
}

TEST_F(CommandLine, EvaluateWarnsOfAPolicyOfAnotherTask) {
  output_of({"--envs", "64", "--hidden", "16", "--threads", "1", "--device", "cpu", "--updates",
             "1", "--eval-episodes", "1", "--quiet", "--out", "run"});
  Program program(SAC_CUDA_PROGRAM, directory_.path(),
                  {"evaluate", "run/checkpoint.safetensors", "--episodes", "1", "--env",
                   "InvertedPendulumSwingupBulletEnv-v0"});
  EXPECT_EQ(program.wait(), 0);
  EXPECT_EQ(program.err(),
            "sac_cuda: warning: run/checkpoint.safetensors was trained for "
            "InvertedPendulumBulletEnv-v0, not for InvertedPendulumSwingupBulletEnv-v0\n");
  expect_names(program.out(), "InvertedPendulumSwingupBulletEnv-v0: 1 episodes");
}

TEST_F(CommandLine, EvaluateRefusesWhatDoesNotFit) {
  expect_names(error_of({"evaluate", "missing.safetensors"}), "missing.safetensors: no such file");
  std::filesystem::create_directory(directory_ / "empty");
  expect_names(error_of({"evaluate", "empty"}), "empty: holds no policy");
  put_file(directory_ / "broken.safetensors", "broken");
  expect_names(error_of({"evaluate", "broken.safetensors"}), "broken.safetensors: truncated");
  StepCase().write(directory_ / "other.safetensors");
  expect_names(error_of({"evaluate", "other.safetensors"}),
               "metadata env is missing: expected --env ID");
  expect_names(error_of({"evaluate", "other.safetensors", "--env", "Pendulum-v1"}),
               "made for obs 3, act 2, max_action 1.5, but Pendulum-v1 has");
  expect_names(error_of({"evaluate", "other.safetensors", "--episodes", "0"}), "--episodes 0:");
}

}  // namespace
}  // namespace sac::commands
