// What the losses and their output gradients are for one batch row, from the numbers that the
// forward passes left.
#pragma once

#include <cuda_runtime.h>

#include "kernels/device_state.h"
#include "kernels/sac/row_values.h"
#include "kernels/sac/targets.h"

namespace sac {

/// One agent's [kRowValues, B] array and the constants of the losses.
class RowLosses {
 public:
  __device__ RowLosses(const float* row_values, int batch, const AgentControl& control)
      : row_values_(row_values), batch_(batch), row_weight_(1.0f / batch), control_(control) {}

  /// The gradient of the mean loss with respect to the output of a scalar network.
  __device__ float output_gradient(Network n, int b) const { return row_weight_ * error(n, b); }

  /// Which Q the policy's gradient flows into: 0 for Q1, 1 for Q2.
  __device__ int policy_q(int b) const {
    return smaller_q_index(at(RowValue::q1_policy, b), at(RowValue::q2_policy, b));
  }

  /// The row's term of the network's loss, before the mean.
  __device__ float loss(Network n, int b) const {
    if (n == Network::pi) {
      return policy_row_loss(at(RowValue::q1_policy, b), at(RowValue::q2_policy, b),
                             at(RowValue::log_prob_policy, b));
    }
    return half_square(error(n, b));
  }

 private:
  /// The network's output minus its regression target; not the policy.
  __device__ float error(Network n, int b) const {
    if (n == Network::v) {
      return at(RowValue::v, b) - value_target(at(RowValue::q1_value, b), at(RowValue::q2_value, b),
                                               at(RowValue::log_prob_value, b));
    }
    return at(n == Network::q1 ? RowValue::q1_data : RowValue::q2_data, b) -
           q_target(at(RowValue::reward, b), at(RowValue::terminated, b), at(RowValue::v_next, b),
                    control_.reward_scale, control_.gamma);
  }
  __device__ float at(RowValue kind, int b) const {
    return row_values_[static_cast<int>(kind) * batch_ + b];
  }

  const float* row_values_;
  const int batch_;
  const float row_weight_;  ///< 1 / batch
  const AgentControl& control_;
};

}  // namespace sac
