// What the losses and their output gradients are for one batch row, from the numbers that the
// forward passes left.
#pragma once

#include <cuda_runtime.h>

#include "kernels/device_state.h"

namespace sac {

/// One agent's [kRowValues, B] array and the constants of the losses.
class RowLosses {
 public:
  __device__ RowLosses(const float* row_values, int batch, const AgentControl& control)
      : row_values_(row_values), batch_(batch), control_(control) {}

  /// Those in the agent's scratch.
  __device__ RowLosses(const DeviceState& d, int agent)
      : RowLosses(d.scratch + static_cast<size_t>(agent) * d.scratch_layout.size +
                      d.scratch_layout.row_values,
                  d.batch, d.control[agent]) {}

  /// The network's output minus its regression target; not the policy.
  __device__ float error(Network n, int b) const {
    switch (n) {
      case Network::q1:
        return at(fused::RowValue::q1_data, b) - q_target(b);
      case Network::q2:
        return at(fused::RowValue::q2_data, b) - q_target(b);
      default:
        return at(fused::RowValue::v, b) - value_target(b);
    }
  }

  /// d loss / d output of a scalar network: the losses are means of half squares.
  __device__ float output_gradient(Network n, int b) const {
    return error(n, b) / static_cast<float>(batch_);
  }

  /// Which Q the policy's gradient flows into: 0 for Q1 where Q1 <= Q2, else 1.
  __device__ int policy_version(int b) const {
    return at(fused::RowValue::q1_policy, b) <= at(fused::RowValue::q2_policy, b) ? 0 : 1;
  }

  /// The row's term of the network's loss, before the mean.
  __device__ float loss(Network n, int b) const {
    if (n == Network::pi) {
      const fused::RowValue q =
          policy_version(b) == 0 ? fused::RowValue::q1_policy : fused::RowValue::q2_policy;
      return at(fused::RowValue::log_prob_policy, b) - at(q, b);
    }
    const float e = error(n, b);
    return 0.5f * e * e;
  }

 private:
  __device__ float at(fused::RowValue kind, int b) const {
    return row_values_[static_cast<size_t>(kind) * batch_ + b];
  }
  /// Eq. 7: Q^.
  __device__ float q_target(int b) const {
    return control_.reward_scale * at(fused::RowValue::reward, b) +
           control_.gamma * (1 - at(fused::RowValue::terminated, b)) *
               at(fused::RowValue::v_next, b);
  }
  /// Eq. 5: the smaller Q at the row's own sample, and its entropy.
  __device__ float value_target(int b) const {
    const float q1 = at(fused::RowValue::q1_value, b), q2 = at(fused::RowValue::q2_value, b);
    return (q1 <= q2 ? q1 : q2) - at(fused::RowValue::log_prob_value, b);
  }

  const float* row_values_;
  const int batch_;
  const AgentControl& control_;
};

}  // namespace sac
