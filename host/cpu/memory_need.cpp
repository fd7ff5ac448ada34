#include "host/cpu/memory_need.h"

#include "kernels/layout.h"

namespace sac::cpu {

double memory_need(const LearnerConfig& c) {
  constexpr double kLargestState = 4;  // scalars of an environment's state
  const double hidden = c.shape.hidden, obs = c.shape.obs, act = c.shape.act;
  // Of four networks: activations, their gradients, and every 64 rows' sums of the thin layers.
  const double network_row = 2 * hidden + (obs + act + 3) * hidden / 64;
  const double batch_row = 4 * network_row + 3 * (obs + 1) + 3 * act + 2;
  double scalars = 5.1 * static_cast<double>(agent_stride(c.shape)) + c.batch * batch_row;
  if (c.environment >= 0) {
    scalars += static_cast<double>(c.replay_capacity) * record_layout(c.shape).size;
    scalars += static_cast<double>(c.envs) * (kLargestState + 1);
  }
  return sizeof(float) * c.agents * scalars;
}

}  // namespace sac::cpu
