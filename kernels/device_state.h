// Where the data of P agents lies in device memory: sizes and base pointers, passed by value to
// every kernel and unchanged for the life of a learner. Agent p's part starts p strides after the
// base; a kernel's grid has the agents as its y dimension.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/layout.h"
#include "kernels/precision.h"
#include "kernels/purpose.h"

namespace sac {

// What changes between two replays of a captured graph, one struct per agent in device memory: a
// replayed graph reads it anew, so no host scalar is frozen into a launch.

/// The optimiser's clock. Two copies without atomics: the gradients kernel reads `now` and
/// writes `next`, the update kernel reads `next` and copies it to `now`.
struct Clock {
  uint64_t updates;                 ///< gradient steps done
  double beta1_power, beta2_power;  ///< beta^updates, running products
  float inverse_correction1;        ///< 1 / (1 - beta1^updates)
  float inverse_sqrt_correction2;   ///< 1 / sqrt(1 - beta2^updates)
  float alpha;                      ///< in `next`: the temperature that the step is made with
  uint32_t active;  ///< 0: the replay holds less than a batch or the agent is retired, do nothing
};

/// One agent's scalars.
struct AgentControl {
  uint64_t key;  ///< seed + agent, the Philox key
  double beta1, beta2;
  float one_minus_beta1, one_minus_beta2, adam_eps;
  float gamma, tau, reward_scale;
  float learning_rate[kLosses];  ///< by loss_index
  float target_entropy;          ///< sac_v2
  float log_std_low, log_std_high;
  float max_action;
  uint32_t retired;       ///< 1: the agent learns no more; kernels that train leave it alone
  float losses[kLosses];  ///< of the latest gradient step, by loss_index; written by the update
  uint64_t not_finite_since[kLosses];  ///< gradient step, from 1, at which a loss first was
                                       ///< infinite or NaN, by loss_index; 0: none was
  Clock now, next;
};

/// What launches are shaped by, of the GPU that is there.
struct GpuLimits {
  int sms = 1;
  size_t shared_per_sm = 0;     ///< bytes of shared memory, the system's 1 KB per block included
  size_t shared_per_block = 0;  ///< bytes that a block can ask for
};

/// Sizes and base pointers.
struct DeviceState {
  Shape shape;
  int agents = 1;
  int batch = 0;        ///< rows of a gradient step's batch that this process has
  int first_row = 0;    ///< where they begin in the whole batch
  int whole_batch = 0;  ///< rows of all processes, over which losses are means
  bool shared = false;  ///< several processes: the update leaves its part of gradients and losses
                        ///< for the exchange, and launch_optimise makes the step of their sums
  Precision precision = Precision::fp32;
  GpuLimits gpu;
  int environment = -1;   ///< index in Environments; -1: none, and the last five pointers are null
  uint64_t envs = 0;      ///< environments per agent
  uint64_t capacity = 0;  ///< transitions per agent

  NetworkLayout networks[kNetworks];
  size_t parameter_stride = 0;

  AgentControl* control = nullptr;     ///< [P]
  float* parameters = nullptr;         ///< [P, parameter_stride]
  float* adam_m = nullptr;             ///< [P, parameter_stride]
  float* adam_v = nullptr;             ///< [P, parameter_stride]
  float* gradients = nullptr;          ///< [P, gradient_stride]; null unless wanted
  float* replay = nullptr;             ///< [P, capacity, record size]
  float* environment_state = nullptr;  ///< [P, scalars of State, envs]
  int* episode_steps = nullptr;        ///< [P, envs], steps since the episode's start, or,
                                       ///< staggered, since the last time limit
  uint64_t* vector_step = nullptr;     ///< [P, envs], each environment's own count of its steps
  float* episode_returns = nullptr;    ///< [P, 2, envs], rewards since the episode's start, and of
                                       ///< the last whole episode; NaN before there was one
};

/// Floats of an agent's gradients: in the layout of the parameters, zero between the tensors, and
/// behind them, where they are shared, its losses by loss_index.
SAC_HD constexpr size_t gradient_stride(const DeviceState& d) {
  return d.parameter_stride + aligned(kLosses);
}

/// Every network's W2 rounded to the precision, beside the master weights: what the fused kernels
/// multiply with at tf32 (floats) and bf16 (uint16_t).
struct W2Copies {
  void* base = nullptr;  ///< [P, kNetworks, H, H] in device memory; null: there are none

  /// Bytes of an element; 0: the precision needs no copies.
  static constexpr size_t element_bytes(Precision precision) {
    if (precision == Precision::fp32) return 0;
    return precision == Precision::bf16 ? sizeof(uint16_t) : sizeof(float);
  }

  /// Elements from the base to the copy of network n's W2. The first agent beyond the last one
  /// gives the size of them all.
  SAC_HD static constexpr size_t offset(const Shape& s, int agent, Network n) {
    const size_t hidden = s.hidden;
    return (static_cast<size_t>(agent) * kNetworks + static_cast<size_t>(n)) * hidden * hidden;
  }
};

/// A batch and noise given from outside instead of sampled; null pointers: sample. One agent.
struct GivenBatch {
  const float* records = nullptr;       ///< [B, record size]
  const float* target_noise = nullptr;  ///< [B, A], of eq. 5's a~ at s, or of sac_v2's a' at s'
  const float* policy_noise = nullptr;  ///< [B, A], of eq. 12's a^ at s
};

/// Where the results of evaluated episodes go; [P, episodes] in device memory.
struct EpisodeResults {
  int episodes = 0;
  uint64_t seed = 0;  ///< agent p's start states are drawn with key seed + p
  double* returns = nullptr;
  int* lengths = nullptr;
  Purpose purpose = Purpose::evaluate;  ///< what the start states are drawn for
  uint64_t number = 0;                  ///< of the evaluation: their step
  const uint8_t* plays = nullptr;       ///< [P], 0: the agent does not; null: all do
};

}  // namespace sac
