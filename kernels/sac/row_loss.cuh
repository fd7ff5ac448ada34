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
  __device__ RowLosses(const float* row_values, const DeviceState& d, const AgentControl& control)
      : row_values_(row_values),
        batch_(d.batch),
        row_weight_(1.0f / d.whole_batch),
        reward_scale_(control.reward_scale),
        gamma_(control.gamma),
        alpha_(control.next.alpha) {}

  /// What a row's loss is made of: Q1, Q2 and log pi for the policy; the soft value and V for the
  /// value; reward, terminated, the value of s' and the Q for a Q. Apart from what follows from
  /// them, so that a kernel can do other things while they come.
  struct Terms {
    float v[4];
  };
  __device__ Terms terms(Network n, int b) const {
    if (n == Network::pi) {
      return {at(RowValue::q1_policy, b), at(RowValue::q2_policy, b),
              at(RowValue::log_prob_policy, b), 0};
    }
    if (n == Network::v) {
      return {at(RowValue::soft_value, b), 0, 0, at(RowValue::v, b)};
    }
    return {at(RowValue::reward, b), at(RowValue::terminated, b), at(RowValue::v_next, b),
            at(n == Network::q1 ? RowValue::q1_data : RowValue::q2_data, b)};
  }

  /// The gradient of the mean loss with respect to the output of a scalar network.
  __device__ float output_gradient(Network n, const Terms& t) const {
    return row_weight_ * error(n, t);
  }

  /// Which Q the policy's gradient flows into: 0 for Q1, 1 for Q2. `t` is the policy's.
  __device__ int policy_q(const Terms& t) const { return smaller_q_index(t.v[0], t.v[1]); }

  /// The row's term of the network's loss, before the mean.
  __device__ float loss(Network n, const Terms& t) const {
    return n == Network::pi ? policy_row_loss(t.v[0], t.v[1], t.v[2], alpha_)
                            : half_square(error(n, t));
  }

 private:
  /// The network's output minus its regression target; not the policy.
  __device__ float error(Network n, const Terms& t) const {
    return t.v[3] -
           (n == Network::v ? t.v[0] : q_target(t.v[0], t.v[1], t.v[2], reward_scale_, gamma_));
  }
  __device__ float at(RowValue kind, int b) const {
    return row_values_[static_cast<int>(kind) * batch_ + b];
  }

  const float* row_values_;
  const int batch_;
  const float row_weight_;  ///< 1 / the whole batch
  const float reward_scale_, gamma_, alpha_;
};

/// Row b's soft value in an agent's [kRowValues, B] array, from both Qs and the log-prob there.
__device__ inline void put_soft_value(float* row_values, const DeviceState& d, int b, float alpha) {
  const bool v1 = d.shape.algorithm == Algorithm::sac_v1;
  const auto value = [&](RowValue kind) -> float& {
    return row_values[static_cast<int>(kind) * d.batch + b];
  };
  value(v1 ? RowValue::soft_value : RowValue::v_next) = soft_value(
      value(RowValue::q1_value), value(RowValue::q2_value), value(RowValue::log_prob_value), alpha);
}

/// Notes the loss of a gradient step, whose number is in control.next. One thread per loss.
__device__ inline void note_loss(AgentControl& control, Network network, float loss) {
  const int i = loss_index(network);
  control.losses[i] = loss;
  if (!isfinite(loss) && control.not_finite_since[i] == 0) {
    control.not_finite_since[i] = control.next.updates;
  }
}

/// Where an agent's gradients have the loss of a network, if they are shared.
__device__ inline float& shared_loss(const DeviceState& d, int agent, Network network) {
  const size_t losses = gradient_stride(d) * agent + d.parameter_stride;
  return d.gradients[losses + loss_index(network)];
}

/// Notes a loss, or leaves this process's part of it with the gradients, in a kernel that can share
/// them.
template <bool kCanShare>
__device__ inline void put_loss(const DeviceState& d, int agent, Network network, float loss) {
  if (kCanShare && d.shared) {
    shared_loss(d, agent, network) = loss;
  } else {
    note_loss(d.control[agent], network, loss);
  }
}

}  // namespace sac
