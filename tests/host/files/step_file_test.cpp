#include "host/files/step_file.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "host/base/named_losses.h"
#include "host/base/named_parameters.h"
#include "host/devices/devices.h"
#include "tests/support/step_case.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/usage_error_of.h"

namespace sac::files {
namespace {

const std::filesystem::path kGolden = std::filesystem::path(SAC_TEST_DATA) / "step";

class StepFile : public testing::Test {
 protected:
  std::string error_after(const std::function<void(StepCase&)>& bend) {
    StepCase bent;
    bend(bent);
    bent.write(path_);
    const std::string message = usage_error_of([&] { read_step_inputs(path_); });
    expect_names(message, path_.string());
    return message;
  }

  TemporaryDirectory directory_;
  std::filesystem::path path_ = directory_ / "x.safetensors";
};

TEST_F(StepFile, ReadsTheGoldenFiles) {
  const StepInputs inputs = read_step_inputs(kGolden / "pendulum_h64_b100_step7.safetensors");
  const LearnerConfig& c = inputs.checkpoint.config;
  EXPECT_EQ(c.environment, -1);
  EXPECT_EQ(c.shape.hidden, 64);
  EXPECT_EQ(c.max_action, 2);
  EXPECT_EQ(c.hyper.tau, 0.02);
  EXPECT_EQ(c.hyper.reward_scale, 1);
  EXPECT_EQ(inputs.checkpoint.state.updates, 6);
  EXPECT_EQ(inputs.batch.size, 100);
  EXPECT_EQ(inputs.batch.obs.size(), 300u);
  EXPECT_EQ(inputs.batch.policy_noise.size(), 100u);
  EXPECT_EQ(inputs.dtype, Dtype::f32);  // its expect.* are F64, its parameters are not
  EXPECT_EQ(read_step_inputs(kGolden / "small_h32_b48.safetensors").checkpoint.state.updates, 0);
}

TEST_F(StepFile, ReadsThoseOfSacV2) {
  const StepInputs inputs = read_step_inputs(kGolden / "v2_h64_b100_step5.safetensors");
  const LearnerConfig& c = inputs.checkpoint.config;
  EXPECT_EQ(c.shape.algorithm, Algorithm::sac_v2);
  EXPECT_EQ(inputs.checkpoint.state.updates, 4);
  EXPECT_EQ(inputs.batch.target_noise.size(), 100u * c.shape.act);
  EXPECT_EQ(checkpoint_metadata(c, inputs.checkpoint.state).at("algorithm"), "sac-v2");
}

TEST_F(StepFile, AnUnknownAlgorithmIsRefused) {
  expect_names(error_after([](StepCase& c) { c.metadata["algorithm"] = "td3"; }),
               "metadata algorithm td3: expected sac-v1 or sac-v2");
}

TEST_F(StepFile, DoubleParametersAskForDouble) {
  StepCase().write(path_, Dtype::f64);
  EXPECT_EQ(read_step_inputs(path_).dtype, Dtype::f64);
}

/// The bytes of a safetensors file whose terminated flags are of type BOOL and whose rewards are of
/// type F16, as PyTorch's writer leaves them, from one in F32.
void retype_as_pytorch_does(const std::filesystem::path& path) {
  const std::string bytes = file_content(path);
  uint64_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof length);
  auto header = nlohmann::ordered_json::parse(bytes.substr(sizeof length, length));
  std::string data;
  for (auto& [name, entry] : header.items()) {
    if (name == "__metadata__") continue;
    const size_t begin = entry["data_offsets"][0], end = entry["data_offsets"][1];
    std::string values = bytes.substr(sizeof length + length + begin, end - begin);
    if (name == "batch.terminated") {
      entry["dtype"] = "BOOL";
      values = {0, 1, 0, 1};
    } else if (name == "batch.reward") {
      entry["dtype"] = "F16";
      values = std::string("\x00\x3c\x00\x40\x00\x42\x00\x44", 8);  // 1, 2, 3, 4
    }
    entry["data_offsets"] = {data.size(), data.size() + values.size()};
    data += values;
  }
  const std::string text = header.dump();
  length = text.size();
  std::string prefix(sizeof length, '\0');
  std::memcpy(prefix.data(), &length, sizeof length);
  put_file(path, prefix + text + data);
}

TEST_F(StepFile, TakesFlagsAsBoolAndHalfPrecision) {
  StepCase().write(path_);
  const StepInputs expected = read_step_inputs(path_);
  retype_as_pytorch_does(path_);
  const StepInputs inputs = read_step_inputs(path_);
  EXPECT_EQ(inputs.batch.terminated, expected.batch.terminated);
  EXPECT_EQ(inputs.batch.reward, expected.batch.reward);
  EXPECT_EQ(inputs.batch.obs, expected.batch.obs);
  EXPECT_EQ(inputs.checkpoint.state.parameters, expected.checkpoint.state.parameters);
  EXPECT_EQ(inputs.dtype, Dtype::f32);
}

TEST_F(StepFile, RefusesBadBatches) {
  for (const char* name : {"batch.obs", "batch.action", "batch.reward", "batch.next_obs",
                           "batch.terminated", "noise.value", "noise.policy"}) {
    const std::string quoted = "'" + std::string(name) + "'";
    expect_names(error_after([&](StepCase& c) { c.drop(name); }), quoted + " is missing");
    expect_names(error_after([&](StepCase& c) { c.tensor(name).shape.push_back(1); }),
                 quoted + " has shape");
    expect_names(error_after([&](StepCase& c) { c.tensor(name).values[3] = NAN; }),
                 quoted + " holds nan at element 3");
  }
  expect_names(error_after([](StepCase& c) { c.tensor("batch.terminated").values[2] = 0.5; }),
               "'batch.terminated' holds 0.5, expected 0 or 1");
}

TEST_F(StepFile, OutputsAreACheckpointWithGradientsAndLosses) {
  StepCase step;
  StepResult result{step.state, step.state.adam_m, {1, 2, 3, 4}};
  result.state.updates = 7;
  write_step_outputs(path_, step.config, result, Dtype::f64);
  SafetensorsFile file(path_);
  const Checkpoint checkpoint = read_checkpoint(file);
  EXPECT_EQ(checkpoint.state.parameters, step.state.parameters);
  EXPECT_EQ(checkpoint.state.updates, 7);
  EXPECT_EQ(file.dtype("grad.q1.layers.0.weight"), Dtype::f64);
  EXPECT_EQ(file.read("grad.q1.layers.0.weight", {5, 5}),
            file.read("adam.m.q1.layers.0.weight", {5, 5}));
  EXPECT_EQ(file.read("loss.v", {1})[0], 1);
  EXPECT_EQ(file.read("loss.pi", {1})[0], 2);
  EXPECT_EQ(file.read("loss.q1", {1})[0], 3);
  EXPECT_EQ(file.read("loss.q2", {1})[0], 4);
  expect_names(usage_error_of([&] { file.dtype("grad.v_target.out.bias"); }), "is missing");
}

// The largest difference from a golden file's float64 results, as a share of each tensor's largest
// magnitude; gradients and the rest apart.
struct WorstError {
  double gradients = 0, rest = 0;
};

WorstError golden_error(const std::string& name, Learner& learner, const StepInputs& inputs) {
  const TemporaryDirectory directory;
  learner.load(0, inputs.checkpoint.state);
  write_step_outputs(directory / "out", inputs.checkpoint.config,
                     learner.gradient_step(inputs.batch), Dtype::f64);
  SafetensorsFile actual(directory / "out"), golden(kGolden / name);
  WorstError worst;
  int compared = 0;
  const auto compare = [&](const std::string& tensor, const std::vector<size_t>& shape) {
    const std::vector<double> a = actual.read(tensor, shape);
    const std::vector<double> e = golden.read("expect." + tensor, shape);
    double largest = 0, error = 0;
    for (size_t i = 0; i < e.size(); ++i) {
      largest = std::max(largest, std::abs(e[i]));
      error = std::max(error, std::abs(a[i] - e[i]));
    }
    double& target = tensor.starts_with("grad.") ? worst.gradients : worst.rest;
    target = std::max(target, error / largest);
    ++compared;
  };
  const Algorithm algorithm = inputs.checkpoint.config.shape.algorithm;
  for (const NamedTensor& t : named_parameters(inputs.checkpoint.config.shape)) {
    compare(t.name, t.shape);
    if (!is_target(algorithm, t.network)) compare("grad." + t.name, t.shape);
  }
  for (const NamedLoss& loss : named_losses(algorithm)) {
    compare(std::string("loss.") + loss.name, {1});
  }
  EXPECT_EQ(compared, algorithm == Algorithm::sac_v1 ? 32 + 26 + 4 : 33 + 21 + 4);
  return worst;
}

class GoldenStep : public testing::TestWithParam<const char*> {};

void expect_within(const WorstError& worst, double allowance) {
  EXPECT_LE(worst.gradients, allowance);
  EXPECT_LE(worst.rest, allowance);
  fmt::print("used of {}: gradients {:.2g}, the rest {:.2g}\n", allowance,
             worst.gradients / allowance, worst.rest / allowance);
}

// Double against double: rounding only, some 1e-15 of a tensor's largest element.
TEST_P(GoldenStep, DoubleGivesTheGoldenResults) {
  const StepInputs inputs = read_step_inputs(kGolden / GetParam());
  const auto learner = devices::make_reference_learner(inputs.checkpoint.config);
  expect_within(golden_error(GetParam(), *learner, inputs), 1e-12);
}

// Float: sums of some hundred products, each rounded by 6e-8, cancel to 1e-6 of a tensor's
// largest element; the allowance leaves room for other orders of summation.
TEST_P(GoldenStep, FloatStaysCloseToThem) {
  const StepInputs inputs = read_step_inputs(kGolden / GetParam());
  const auto learner = devices::make_learner(devices::Device::cpu, inputs.checkpoint.config);
  expect_within(golden_error(GetParam(), *learner, inputs), 1e-5);
}

INSTANTIATE_TEST_SUITE_P(Files, GoldenStep,
                         testing::Values("pendulum_h64_b100_step7.safetensors",
                                         "small_h32_b48.safetensors",
                                         "v2_h64_b100_step5.safetensors",
                                         "v2_small_h32_b48.safetensors"));

}  // namespace
}  // namespace sac::files
