#include "host/files/checkpoint.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <set>
#include <string>

#include "host/base/named_parameters.h"
#include "tests/support/step_case.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/usage_error_of.h"

namespace sac::files {
namespace {

TEST(Checkpoint, RefusesANewerFormat) {
  const TemporaryDirectory directory;
  StepCase step;
  step.metadata["format"] = "2";
  step.write(directory / "a");
  SafetensorsFile file(directory / "a");
  expect_names(usage_error_of([&] { read_checkpoint(file); }), "a: format 2, written by a newer");
}

class CheckpointFile : public testing::Test {
 protected:
  // The error of reading a good case that `bend` has made bad.
  std::string error_after(const std::function<void(StepCase&)>& bend) {
    StepCase bent;
    bend(bent);
    bent.write(path_);
    const std::string message = usage_error_of([&] {
      SafetensorsFile file(path_);
      read_checkpoint(file);
    });
    expect_names(message, path_.string());
    return message;
  }

  TemporaryDirectory directory_;
  std::filesystem::path path_ = directory_ / "x.safetensors";
  StepCase good_;
};

TEST_F(CheckpointFile, GivesBackWhatWasWritten) {
  write_checkpoint_file(path_, good_.config, good_.state, {{"env", "Pendulum-v1"}});
  SafetensorsFile file(path_);
  const Checkpoint c = read_checkpoint(file);
  EXPECT_EQ(c.state.parameters, good_.state.parameters);
  EXPECT_EQ(c.state.adam_m, good_.state.adam_m);
  EXPECT_EQ(c.state.adam_v, good_.state.adam_v);
  EXPECT_EQ(c.state.updates, 6);
  EXPECT_EQ(c.environment, "Pendulum-v1");
  EXPECT_EQ(c.config.environment, -1);
  EXPECT_EQ(c.config.shape.obs, 3);
  EXPECT_EQ(c.config.shape.act, 2);
  EXPECT_EQ(c.config.shape.hidden, 5);
  EXPECT_EQ(c.config.max_action, 1.5);
  EXPECT_EQ(c.config.batch, 4);
  EXPECT_EQ(c.config.hyper.gamma, 0.97);
  EXPECT_EQ(c.config.hyper.log_std.low, -5);
  EXPECT_EQ(c.config.hyper.log_std.high, 1);
}

Policy policy_of(const std::filesystem::path& path, bool mean_is_enough) {
  SafetensorsFile file(path);
  return read_policy(file, mean_is_enough);
}

TEST_F(CheckpointFile, GivesItsPolicyAlone) {
  write_checkpoint_file(path_, good_.config, good_.state, {{"env", "Pendulum-v1"}});
  const Policy policy = policy_of(path_, false);
  EXPECT_EQ(policy.environment, "Pendulum-v1");
  EXPECT_EQ(policy.max_action, 1.5);
  EXPECT_EQ(policy.log_std.low, -5);
  EXPECT_EQ(policy.log_std.high, 1);
  EXPECT_EQ(policy.shape.obs, 3);
  EXPECT_EQ(policy.shape.act, 2);
  EXPECT_EQ(policy.shape.hidden, 5);
  EXPECT_EQ(policy.parameters.size(), good_.state.parameters.size());
  for (const NamedTensor& t : named_parameters(policy.shape)) {
    const double expected = t.network == Network::pi ? good_.state.parameters[t.offset] : 0;
    EXPECT_EQ(policy.parameters[t.offset], expected) << t.name;
  }
}

TEST_F(CheckpointFile, GivesItsVToAPolicy) {
  write_checkpoint_file(path_, good_.config, good_.state, {});
  Policy policy = policy_of(path_, true);
  SafetensorsFile file(path_);
  EXPECT_TRUE(read_value_networks(file, policy.shape, policy.parameters));
  for (const NamedTensor& t : named_parameters(policy.shape)) {
    if (t.network != Network::v) continue;
    EXPECT_EQ(policy.parameters[t.offset], good_.state.parameters[t.offset]) << t.name;
  }

  StepCase without;
  std::erase_if(without.tensors, [](const NamedArray& t) { return t.name.starts_with("v."); });
  without.write(path_);
  SafetensorsFile bare(path_);
  EXPECT_FALSE(read_value_networks(bare, policy.shape, policy.parameters));
  StepCase damaged;
  damaged.drop("v.out.bias");
  damaged.write(path_);
  SafetensorsFile half(path_);
  expect_names(usage_error_of([&] { read_value_networks(half, policy.shape, policy.parameters); }),
               "'v.out.bias' is missing");
}

// Everything else may be missing, wrong or of another type.
TEST_F(CheckpointFile, AsksOfAPolicyForWhatPlayingUses) {
  StepCase bare;
  std::erase_if(bare.tensors, [](const NamedArray& t) { return !t.name.starts_with("pi."); });
  bare.metadata.clear();
  bare.write(path_, Dtype::f64);
  Policy policy = policy_of(path_, false);
  EXPECT_EQ(policy.environment, "");
  EXPECT_FALSE(policy.max_action.has_value());
  EXPECT_EQ(policy.log_std.low, LogStdRange{}.low);
  EXPECT_EQ(policy.shape.hidden, 5);

  bare.metadata = {{"log_std_min", "no number"}, {"hidden", "99"}, {"gamma", "-3"}};
  bare.drop("pi.log_std.weight");
  bare.drop("pi.log_std.bias");
  bare.write(path_);
  policy_of(path_, true);
  expect_names(usage_error_of([&] { policy_of(path_, false); }), "metadata log_std_min no number");
  bare.metadata.clear();
  bare.write(path_);
  expect_names(usage_error_of([&] { policy_of(path_, false); }), "'pi.log_std.weight' is missing");
}

TEST_F(CheckpointFile, RefusesBadPolicies) {
  const auto error = [&](const std::function<void(StepCase&)>& bend) {
    StepCase bent;
    bend(bent);
    bent.write(path_);
    const std::string message = usage_error_of([&] { policy_of(path_, false); });
    expect_names(message, path_.string());
    return message;
  };
  expect_names(error([](StepCase& c) { c.drop("pi.layers.0.weight"); }), "is missing");
  expect_names(error([](StepCase& c) { c.tensor("pi.layers.0.weight").shape = {15}; }),
               "has shape [15], expected two dimensions");
  expect_names(
      error([](StepCase& c) {
        c.tensor("pi.layers.0.weight") = {"pi.layers.0.weight", {5, 17}, std::vector<double>(85)};
      }),
      "expected two dimensions, observations from 1 to 16");
  expect_names(error([](StepCase& c) { c.tensor("pi.layers.1.weight").shape = {25}; }),
               "'pi.layers.1.weight' has shape [25], expected [5, 5]");
  expect_names(error([](StepCase& c) { c.tensor("pi.mean.bias").values[1] = NAN; }), "holds nan");
  expect_names(error([](StepCase& c) { c.metadata["max_action"] = "0"; }), "max_action 0");
}

// The names that outsiders write; `step` is the next Adam step.
TEST_F(CheckpointFile, HasTheNamesOfTheStepFile) {
  std::set<std::string> names;
  for (const NamedArray& t : checkpoint_tensors(good_.config.shape, good_.state)) {
    names.insert(t.name);
  }
  std::set<std::string> expected;
  for (const std::string network : {"pi", "q1", "q2", "v", "v_target"}) {
    const std::vector<std::string> heads = network == "pi"
                                               ? std::vector<std::string>{"mean", "log_std"}
                                               : std::vector<std::string>{"out"};
    for (std::string layer : {"layers.0", "layers.1"}) {
      expected.insert({network + "." + layer + ".weight", network + "." + layer + ".bias"});
    }
    for (const std::string& head : heads) {
      expected.insert({network + "." + head + ".weight", network + "." + head + ".bias"});
    }
  }
  for (const std::string& name : std::set<std::string>(expected)) {
    if (name.rfind("v_target", 0) == 0) continue;
    expected.insert({"adam.m." + name, "adam.v." + name});
  }
  EXPECT_EQ(names, expected);
  std::set<std::string> keys;
  for (const auto& [key, value] : good_.metadata) keys.insert(key);
  EXPECT_EQ(keys, (std::set<std::string>{"gamma",       "tau",     "reward_scale", "lr_policy",
                                         "lr_value",    "lr_q",    "beta1",        "beta2",
                                         "adam_eps",    "step",    "max_action",   "log_std_min",
                                         "log_std_max", "hidden",  "obs",          "act",
                                         "batch",       "version", "updates",      "format"}));
  EXPECT_EQ(good_.metadata["step"], "7");
}

TEST_F(CheckpointFile, RefusesBadTensors) {
  expect_names(error_after([](StepCase& c) { c.drop("q2.layers.1.bias"); }),
               "'q2.layers.1.bias' is missing");
  expect_names(error_after([](StepCase& c) { c.drop("adam.v.pi.mean.weight"); }),
               "'adam.v.pi.mean.weight' is missing");
  expect_names(error_after([](StepCase& c) { c.tensor("q1.layers.0.weight").shape = {25}; }),
               "'q1.layers.0.weight' has shape [25], expected [5, 5]");
  expect_names(error_after([](StepCase& c) {
                 c.tensor("adam.m.v.out.bias").shape = {1, 1};
               }),
               "'adam.m.v.out.bias' has shape [1, 1], expected [1]");
  expect_names(error_after([](StepCase& c) { c.tensor("v_target.out.bias").values[0] = NAN; }),
               "'v_target.out.bias' holds nan");
  expect_names(error_after([](StepCase& c) { c.tensor("adam.m.v.out.bias").values[0] = INFINITY; }),
               "'adam.m.v.out.bias' holds inf");
  expect_names(error_after([](StepCase& c) { c.tensor("adam.v.v.out.bias").values[0] = -1; }),
               "'adam.v.v.out.bias' holds a negative value");
}

TEST_F(CheckpointFile, RefusesBadMetadata) {
  for (const auto& [key, value] : good_.metadata) {
    if (key == "version" || key == "updates" || key == "format") continue;  // may be missing
    const std::string name = key;
    expect_names(error_after([&](StepCase& c) { c.metadata.erase(name); }),
                 "metadata '" + name + "' is missing");
    for (const std::string bad : {"", "nan", "inf", "1x", "true", "-1e39"}) {
      expect_names(error_after([&](StepCase& c) { c.metadata[name] = bad; }),
                   "metadata " + name + " " + (bad.empty() ? "''" : bad) + ":");
    }
  }
  const auto expect_refused = [&](const std::string& key, const std::string& value) {
    expect_names(error_after([&](StepCase& c) { c.metadata[key] = value; }),
                 "metadata " + key + " " + value);
  };
  for (const char* key : {"hidden", "obs", "act", "batch", "step", "max_action", "adam_eps"}) {
    expect_refused(key, "0");
  }
  expect_refused("obs", "17");
  expect_refused("act", "5");
  expect_refused("gamma", "1.01");
  expect_refused("beta1", "1");
  expect_refused("tau", "-0.1");
  expect_refused("lr_q", "-0.1");
  expect_refused("log_std_min", "1.5");  // above log_std_max
}

// Metadata that asks for gigabytes costs nothing before the tensors are found wanting.
TEST_F(CheckpointFile, ChecksShapesBeforeItAllocates) {
  expect_names(error_after([](StepCase& c) { c.metadata["hidden"] = "4096"; }),
               "'pi.layers.0.weight' has shape [5, 3], expected [4096, 3]");
}

}  // namespace
}  // namespace sac::files
