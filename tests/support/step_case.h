// A small step file with distinct values everywhere, to be bent by tests.
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "host/base/named_parameters.h"
#include "host/files/checkpoint.h"
#include "host/files/safetensors.h"

namespace sac {

struct StepCase {
  LearnerConfig config;
  AgentState state;
  std::vector<files::NamedArray> tensors;
  files::Metadata metadata;

  StepCase() {
    config.environment = -1;
    config.shape = {3, 2, 5};
    config.max_action = 1.5;
    config.batch = 4;
    config.hyper.gamma = 0.97;
    config.hyper.log_std = {-5, 1};
    state.updates = 6;
    // Exact in float; padding between tensors stays zero.
    const size_t n = agent_stride(config.shape);
    for (auto* values : {&state.parameters, &state.adam_m, &state.adam_v}) values->assign(n, 0);
    fill(state.parameters, kNetworks, 1);
    fill(state.adam_m, kMostTrained, 1000);
    fill(state.adam_v, kMostTrained, 2000);
    tensors = files::checkpoint_tensors(config.shape, state);
    for (const auto& [name, columns] : {std::pair<const char*, size_t>{"batch.obs", 3},
                                        {"batch.action", 2},
                                        {"batch.next_obs", 3},
                                        {"noise.value", 2},
                                        {"noise.policy", 2}}) {
      tensors.push_back({name, {4, columns}, std::vector<double>(4 * columns, 0.25)});
    }
    tensors.push_back({"batch.reward", {4}, {1, 2, 3, 4}});
    tensors.push_back({"batch.terminated", {4}, {0, 1, 0, 1}});
    metadata = files::checkpoint_metadata(config, state);
  }

  files::NamedArray& tensor(const std::string& name) {
    return *std::find_if(tensors.begin(), tensors.end(),
                         [&](const files::NamedArray& t) { return t.name == name; });
  }

  void drop(const std::string& name) {
    std::erase_if(tensors, [&](const files::NamedArray& t) { return t.name == name; });
  }

  void write(const std::filesystem::path& path, files::Dtype dtype = files::Dtype::f32) const {
    files::write_safetensors(path, tensors, metadata, dtype);
  }

 private:
  void fill(std::vector<double>& values, int networks, double first) const {
    for (const NamedTensor& t : named_parameters(config.shape)) {
      if (static_cast<int>(t.network) >= networks) continue;
      for (size_t i = 0; i < t.size(); ++i) {
        values[t.offset + i] = first + static_cast<double>(t.offset + i) / 4;
      }
    }
  }
};

}  // namespace sac
