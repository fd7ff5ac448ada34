// What is measured: not every combination, but each axis through the middle of the others (hidden
// 256, batch 256, one agent; 4096 environments), in both ways and every precision. `tiny` cases are
// for a simulated GPU: they run everything and tell nothing.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "bench/gpu/variant.h"
#include "host/cuda/cuda_learner.h"
#include "kernels/env/registry.h"

namespace sac::bench {

/// False if this GPU has too little shared memory for it.
inline bool fits(const Variant& variant, int hidden) {
  if (variant.mlp == Mlp::cublas) return true;
  const cuda::SharedMemory shared = cuda::fused_shared_memory(hidden, variant.precision);
  return shared.needed <= shared.available;
}

struct StepCase {
  int hidden, batch, agents;
};

struct RolloutCase {
  int hidden;
  int64_t envs;  ///< per agent
  int agents;
};

inline std::vector<StepCase> step_cases(bool tiny) {
  if (tiny) return {{32, 24, 1}, {32, 24, 2}};
  return {{256, 256, 1}, {256, 128, 1}, {256, 1024, 1}, {256, 8192, 1},
          {64, 256, 1},  {128, 256, 1}, {256, 256, 8},  {256, 256, 64}};
}

inline std::vector<RolloutCase> rollout_cases(bool tiny) {
  if (tiny) return {{32, 24, 1}, {32, 24, 2}};
  return {{256, 1024, 1}, {256, 4096, 1}, {256, 65536, 1}, {64, 4096, 1},
          {128, 4096, 1}, {256, 1024, 8}, {256, 1024, 64}};
}

inline std::string with_agents(std::string what, int agents) {
  return agents == 1 ? what : what + ", " + std::to_string(agents) + " agents";
}

inline std::string text(const StepCase& c) {
  return with_agents("hidden " + std::to_string(c.hidden) + ", batch " + std::to_string(c.batch),
                     c.agents);
}

inline std::string text(const RolloutCase& c) {
  return with_agents("hidden " + std::to_string(c.hidden) + ", envs " + std::to_string(c.envs),
                     c.agents);
}

/// A learner of the given environment with room for a few vector steps.
inline LearnerConfig bench_config(const Variant& variant, int environment, int hidden, int batch,
                                  int64_t envs, int agents) {
  const env::EnvironmentInfo& info = env::Environments::info[environment];
  LearnerConfig c;
  c.environment = environment;
  c.shape = {.obs = info.obs, .act = info.act, .hidden = hidden, .algorithm = variant.algorithm};
  c.max_action = info.max_action;
  c.batch = batch;
  c.envs = envs;
  c.agents = agents;
  c.mlp = variant.mlp;
  c.precision = variant.precision;
  c.replay_capacity = 4 * std::max<int64_t>(envs, batch);
  return c;
}

}  // namespace sac::bench
