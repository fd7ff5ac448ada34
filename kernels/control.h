// Everything that changes between two replays of a captured graph, one struct per agent in device
// memory: a replayed graph reads it anew, so no host scalar is frozen into a launch.
#pragma once

#include <cstdint>

namespace sac {

/// The optimiser's clock. Two copies without atomics: wave 1 reads `now` and writes `next`, wave 2
/// reads `next` and copies it to `now`.
struct Clock {
  uint64_t updates;                 ///< gradient steps done
  double beta1_power, beta2_power;  ///< beta^updates, running products
  float inverse_correction1;        ///< 1 / (1 - beta1^updates)
  float inverse_sqrt_correction2;   ///< 1 / sqrt(1 - beta2^updates)
  uint32_t active;                  ///< 0: the replay holds less than a batch, do nothing
};

/// One agent's scalars.
struct AgentControl {
  uint64_t key;  ///< seed + agent, the Philox key
  double beta1, beta2;
  float one_minus_beta1, one_minus_beta2, adam_eps;
  float gamma, tau, reward_scale;
  float learning_rate[4];  ///< by Network: pi, q1, q2, v
  float log_std_low, log_std_high;
  float max_action;
  float losses[4];  ///< of the latest gradient step, by Network; written by wave 2
  Clock now, next;
};

}  // namespace sac
