// What `sac_cuda export` refuses: one line, exit code 2, nothing written. What it writes is tested
// in tests/host/export.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <thread>

#include "host/files/safetensors.h"
#include "tests/host/commands/command_line_fixture.h"

namespace sac::commands {
namespace {

TEST_F(CommandLine, ExportWritesARunsBestPolicy) {
  output_of(small_run({"--updates", "10", "--quiet"}));
  expect_names(output_of({"export", "run", "policy.onnx"}),
               "policy.onnx: run/best.safetensors of Pendulum-v1, obs [3], action [1], ");
  const std::string first = file_content(directory_ / "policy.onnx");
  output_of({"export", "run/best.safetensors", "policy.onnx"});  // over the one that is there
  EXPECT_EQ(file_content(directory_ / "policy.onnx"), first);
  expect_names(output_of({"export", "run", "policy.h"}), "policy.h: run/best.safetensors");
  expect_names(file_content(directory_ / "policy.h"), "/* A policy for Pendulum-v1");
  EXPECT_FALSE(std::filesystem::exists(directory_ / "policy.h.tmp"));
}

TEST_F(CommandLine, ExportRefusesRunsWithoutAPolicy) {
  expect_names(error_of({"export", "missing", "policy.onnx"}), "missing: no such file");
  std::filesystem::create_directory(directory_ / "run");
  put_file(directory_ / "run/config.json", "{}");
  expect_names(error_of({"export", "run", "policy.h"}), "run: the run has no policy yet");
  put_file(directory_ / "run/summary.json", "{}");
  expect_names(error_of({"export", "run", "policy.h"}), "run: holds no policy");
  put_file(directory_ / "run/best.safetensors", std::string(200, '\0'));
  expect_names(error_of({"export", "run", "policy.h"}), "run/best.safetensors: ");
}

TEST_F(CommandLine, ARunBeforeItsFirstEvaluationIsRefusedInOneLine) {
  Arguments far = small_run({"--quiet"});
  *std::ranges::find(far, "50") = "1M";  // --eval-every
  Program run(SAC_CUDA_PROGRAM, directory_.path(), far);
  const std::filesystem::path metrics = directory_ / "run/metrics.csv";
  while (!std::filesystem::exists(metrics)) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  const std::string why =
      "run: the run has no policy yet: the first one comes with its first evaluation\n";
  expect_names(error_of({"evaluate", "run"}), why);
  expect_names(error_of({"export", "run", "policy.onnx"}), why);
  expect_names(error_of({"play", "run", "--gif", "a.gif"}), why);
  expect_names(error_of({"report", "run", "--out", "a.html"}), "run: the run has not ended yet");
  expect_names(error_of({"compare", "run"}), "run: the run has not ended yet");
  run.kill(SIGTERM);
  EXPECT_EQ(run.wait(), 128 + SIGTERM);
}

TEST_F(CommandLine, ExportTakesTheBestPolicySoFarOfARunThatGoesOn) {
  Program run(SAC_CUDA_PROGRAM, directory_.path(), small_run({"--keep-going", "--quiet"}));
  const std::filesystem::path best = directory_ / "run/best.safetensors";
  while (!std::filesystem::exists(best)) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  for (int i = 0; i < 5; ++i) {
    expect_names(output_of({"export", "run", "policy.onnx"}), "run/best.safetensors of Pendulum");
  }
  run.kill(SIGTERM);
  EXPECT_EQ(run.wait(), 128 + SIGTERM);
}

// A checkpoint is whole at any time; half of one is refused.
TEST_F(CommandLine, ExportRefusesHalfAFileAndANewerFormat) {
  output_of(small_run({"--updates", "10", "--quiet"}));
  const std::string whole = file_content(directory_ / "run/best.safetensors");
  put_file(directory_ / "half.safetensors", whole.substr(0, whole.size() / 2));
  expect_names(error_of({"export", "half.safetensors", "policy.onnx"}),
               "half.safetensors: truncated");
  files::write_safetensors(directory_ / "newer.safetensors", {}, {{"format", "2"}},
                           files::Dtype::f32);
  for (const char* command : {"export", "evaluate"}) {
    Arguments arguments{command, "newer.safetensors"};
    if (command == std::string("export")) arguments.push_back("policy.onnx");
    expect_names(error_of(arguments), "format 2, written by a newer sac_cuda");
  }
}

TEST_F(CommandLine, ExportRefusesTargets) {
  output_of(small_run({"--updates", "10", "--quiet"}));
  expect_names(error_of({"export", "run"}), "file is required");
  expect_names(error_of({"export", "run", "policy.txt"}),
               "policy.txt: expected a name that ends in .onnx or .h");
  expect_names(error_of({"export", "run", "policy.pt2"}), "scripts/pytorch_policy.py writes .pt2");
  expect_names(error_of({"export", "run", "no/policy.h"}), "no is not a directory");
  std::filesystem::create_directory(directory_ / "folder.onnx");
  expect_names(error_of({"export", "run", "folder.onnx"}), "not a regular file");
  expect_names(error_of({"export", "run", "policy.h", "--env", "InvertedPendulum-v5"}),
               "made for obs 3, act 1, max_action 2, but InvertedPendulum-v5 has obs 4");
}

}  // namespace
}  // namespace sac::commands
