// Policies of every task in a file, observations for them, and what they do there by our own code.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "host/base/environments.h"
#include "host/base/named_parameters.h"
#include "host/cpu/mean_policy.h"
#include "host/files/checkpoint.h"
#include "host/simulation/environment_batch.h"
#include "kernels/env/registry.h"
#include "kernels/random.h"
#include "tests/host/commands/command_line_fixture.h"

namespace sac::exporting {

inline constexpr int kRows = 10'000;

inline std::string bytes_of(const std::vector<float>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

inline std::vector<float> floats_of(const std::string& bytes) {
  std::vector<float> values(bytes.size() / sizeof(float));
  std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
  return values;
}

/// The directory holds policy.safetensors, of nothing but a policy, and obs.f32, [kRows, O].
class Exported : public commands::CommandLine {
 protected:
  /// For environment number `task` a policy with weights between a fresh one's (0.58 / sqrt(in))
  /// and a trained one's, and observations of the task.
  void make_policy(int task, int hidden) {
    const env::EnvironmentInfo& info = environment_info(task);
    const Shape shape{info.obs, info.act, hidden};
    const RandomKey key{static_cast<uint64_t>(7 + task)};
    parameters_.assign(agent_stride(shape), 0.0);
    std::vector<files::NamedArray> tensors;
    for (const NamedTensor& t : named_parameters(shape)) {
      if (t.network != Network::pi || t.name.starts_with("pi.log_std")) continue;
      files::NamedArray array{t.name, t.shape, std::vector<double>(t.size())};
      const bool bias = t.shape.size() == 1;
      const double deviation = bias ? 0.1 : 0.8 / std::sqrt(static_cast<double>(t.shape.back()));
      for (size_t i = 0; i < t.size(); ++i) {
        const auto element = static_cast<uint32_t>(t.offset + i);
        array.values[i] = static_cast<float>(
            deviation * random_normal<double>(key, Purpose::initialise, element, 0));
        parameters_[t.offset + i] = array.values[i];
      }
      tensors.push_back(std::move(array));
    }
    files::write_safetensors(directory_ / "policy.safetensors", tensors, {{"env", info.id}},
                             files::Dtype::f32);
    obs_ = visited(task, key);
    put_file(directory_ / "obs.f32", bytes_of(obs_));
    cpu::MeanPolicy policy(shape, info.max_action, parameters_, kRows);
    const auto actions = policy.act(obs_);
    ours_.assign(actions.begin(), actions.end());
  }

  /// Observations of 100 environments under random actions, [kRows, O].
  static std::vector<float> visited(int task, RandomKey key) {
    constexpr int kEnvironments = 100;
    const env::EnvironmentInfo& info = environment_info(task);
    const auto environments = simulation::make_environment_batch<float>(task, kEnvironments, key);
    environments->reset(0, kEnvironments, Purpose::reset, 0);
    std::vector<float> obs(static_cast<size_t>(kRows) * info.obs), action(kEnvironments * info.act),
        ignored(kEnvironments * info.obs);
    for (int t = 0; t < kRows / kEnvironments; ++t) {
      environments->observe(0, kEnvironments, {&obs[kEnvironments * t * info.obs], info.obs});
      for (uint32_t i = 0; i < action.size(); ++i) {
        const float uniform = uniform01<float>(random_word(key, Purpose::warm_up, i, t));
        action[i] = static_cast<float>(info.max_action) * (2 * uniform - 1);
      }
      environments->step(0, kEnvironments, t, {action.data(), info.act},
                         {.reward = {ignored.data(), 1},
                          .terminated = {ignored.data(), 1},
                          .truncated = {},
                          .next_obs = {ignored.data(), info.obs}});
    }
    return obs;
  }

  /// What another program has written to actions.f32 is what we do, to 1e-6 of the largest action:
  /// about what float sums of 256 products leave, ours as theirs.
  void expect_our_actions(const std::string& what, double max_action) {
    const std::vector<float> theirs = floats_of(file_content(directory_ / "actions.f32"));
    ASSERT_EQ(theirs.size(), ours_.size()) << what;
    double error = 0, largest = 0;
    for (size_t i = 0; i < ours_.size(); ++i) {
      error = std::max(error, std::abs(static_cast<double>(theirs[i]) - ours_[i]));
      largest = std::max(largest, std::abs(static_cast<double>(ours_[i])));
    }
    EXPECT_LE(error, 1e-6 * max_action) << what;
    EXPECT_GT(largest, 0) << what;
    std::cout << what << ": largest error " << error << " of actions up to " << largest << '\n';
  }

  std::string run(const std::string& program, const std::vector<std::string>& arguments) {
    Program process(program, directory_.path(), arguments);
    EXPECT_EQ(process.wait(), 0) << program << ": " << process.err();
    return process.out();
  }

  std::vector<double> parameters_;
  std::vector<float> obs_, ours_;
};

}  // namespace sac::exporting
