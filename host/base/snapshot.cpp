#include "host/base/snapshot.h"

#include <algorithm>
#include <stdexcept>

#include "kernels/env/registry.h"

namespace sac {

size_t replay_scalars(const LearnerConfig& c, const Progress& progress) {
  return replay_size(progress.vector_steps, c.envs, c.replay_capacity) *
         record_layout(c.shape).size;
}

std::array<SlotRange, 2> newest_slots(const LearnerConfig& c, const Progress& progress,
                                      int64_t count) {
  const uint64_t capacity = c.replay_capacity;
  const uint64_t written = static_cast<uint64_t>(progress.vector_steps) * c.envs;
  const uint64_t wanted = std::min<uint64_t>(count, std::min(written, capacity));
  const uint64_t first = (written - wanted) % capacity;
  const uint64_t before_the_end = std::min(wanted, capacity - first);
  return {{{first, before_the_end}, {0, wanted - before_the_end}}};
}

size_t environment_scalars(const LearnerConfig& c) {
  return env::Environments::info[c.environment].state * static_cast<size_t>(c.envs);
}

void require_fit(const Snapshot& snapshot, const LearnerConfig& c) {
  const size_t stride = agent_stride(c.shape), envs = c.envs;
  const size_t replay = replay_scalars(c, snapshot.progress), states = environment_scalars(c);
  bool fits = snapshot.agents.size() == static_cast<size_t>(c.agents);
  for (const AgentSnapshot& a : snapshot.agents) {
    fits = fits && a.parameters.size() == stride && a.adam_m.size() == stride &&
           a.adam_v.size() == stride && a.replay.size() == replay &&
           a.environments.size() == states && a.episode_steps.size() == envs &&
           a.episode_returns.size() == 2 * envs;
  }
  if (!fits) throw std::invalid_argument("a snapshot of a learner of another configuration");
}

}  // namespace sac
