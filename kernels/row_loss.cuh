// What the losses and their output gradients are for one batch row, from the numbers that the
// forward passes left.
#pragma once

#include <cuda_runtime.h>

#include "kernels/device_state.h"

namespace sac {

/// One agent's [kRowNumbers, B] array and the constants of the losses.
class RowLosses {
 public:
  __device__ RowLosses(const float* numbers, int batch, const AgentControl& control)
      : numbers_(numbers), batch_(batch), control_(control) {}

  /// Those in the agent's scratch.
  __device__ RowLosses(const DeviceState& d, int agent)
      : RowLosses(d.scratch + static_cast<size_t>(agent) * d.scratch_layout.size +
                      d.scratch_layout.numbers,
                  d.batch, d.control[agent]) {}

  /// The network's output minus its regression target; not the policy.
  __device__ float error(Network n, int b) const {
    switch (n) {
      case Network::q1:
        return at(RowNumber::q1_data, b) - q_target(b);
      case Network::q2:
        return at(RowNumber::q2_data, b) - q_target(b);
      default:
        return at(RowNumber::v, b) - value_target(b);
    }
  }

  /// d loss / d output of a scalar network: the losses are means of half squares.
  __device__ float output_gradient(Network n, int b) const {
    return error(n, b) / static_cast<float>(batch_);
  }

  /// Which Q the policy's gradient flows into: 0 for Q1 where Q1 <= Q2, else 1.
  __device__ int policy_version(int b) const {
    return at(RowNumber::q1_policy, b) <= at(RowNumber::q2_policy, b) ? 0 : 1;
  }

  /// The row's term of the network's loss, before the mean.
  __device__ float loss(Network n, int b) const {
    if (n == Network::pi) {
      const RowNumber q = policy_version(b) == 0 ? RowNumber::q1_policy : RowNumber::q2_policy;
      return at(RowNumber::log_prob_policy, b) - at(q, b);
    }
    const float e = error(n, b);
    return 0.5f * e * e;
  }

 private:
  __device__ float at(RowNumber kind, int b) const {
    return numbers_[static_cast<size_t>(kind) * batch_ + b];
  }
  /// Eq. 7: Q^.
  __device__ float q_target(int b) const {
    return control_.reward_scale * at(RowNumber::reward, b) +
           control_.gamma * (1 - at(RowNumber::terminated, b)) * at(RowNumber::v_next, b);
  }
  /// Eq. 5: the smaller Q at the row's own sample, and its entropy.
  __device__ float value_target(int b) const {
    const float q1 = at(RowNumber::q1_value, b), q2 = at(RowNumber::q2_value, b);
    return (q1 <= q2 ? q1 : q2) - at(RowNumber::log_prob_value, b);
  }

  const float* numbers_;
  const int batch_;
  const AgentControl& control_;
};

}  // namespace sac
