// SAC's losses for one batch row (arXiv 1801.01290): the targets of eq. 5 and eq. 7, and the terms
// of the losses, before the mean over the batch. T is float or double.
#pragma once

#include "kernels/host_device.h"

namespace sac {

/// The smaller Q counts: 0 for Q1, 1 for Q2; Q1 where they are equal.
template <class T>
SAC_HD int smaller_q_index(T q1, T q2) {
  return q2 < q1 ? 1 : 0;
}

/// min(Q1, Q2).
template <class T>
SAC_HD T smaller_q(T q1, T q2) {
  return smaller_q_index(q1, q2) == 0 ? q1 : q2;
}

/// Eq. 5: what V(s) is fitted to, min(Q1, Q2)(s, a~) - log pi(a~|s).
template <class T>
SAC_HD T value_target(T q1, T q2, T log_prob) {
  return smaller_q(q1, q2) - log_prob;
}

/// Eq. 7: what both Q(s, a) are fitted to, Q^ = reward_scale r + gamma (1 - terminated) V-(s').
/// `terminated` is 0 or 1, `next_value` is V-(s').
template <class T>
SAC_HD T q_target(T reward, T terminated, T next_value, T reward_scale, T gamma) {
  return reward_scale * reward + gamma * (1 - terminated) * next_value;
}

/// A row's term of the losses of eq. 5 and eq. 7, whose gradient with respect to the output is the
/// error itself. `error` is the network's output minus its target.
template <class T>
SAC_HD T half_square(T error) {
  return T(0.5) * error * error;
}

/// A row's term of eq. 12: log pi(a^|s) - min(Q1, Q2)(s, a^).
template <class T>
SAC_HD T policy_row_loss(T q1, T q2, T log_prob) {
  return log_prob - smaller_q(q1, q2);
}

}  // namespace sac
