// SAC's losses for one batch row (arXiv 1801.01290): the targets of eq. 5 and eq. 7, and the terms
// of the losses, before the mean over the batch. T is float or double. alpha is the temperature: 1
// in the article, where the reward's scale stands for it, learned in sac_v2 (arXiv 1812.05905).
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

/// The value of a state by a sample of the policy there, min(Q1, Q2)(s, a) - alpha log pi(a|s):
/// what V(s) is fitted to (eq. 5), and what stands for V-(s') in sac_v2, by the target Qs.
template <class T>
SAC_HD T soft_value(T q1, T q2, T log_prob, T alpha) {
  return smaller_q(q1, q2) - alpha * log_prob;
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

/// A row's term of eq. 12: alpha log pi(a^|s) - min(Q1, Q2)(s, a^).
template <class T>
SAC_HD T policy_row_loss(T q1, T q2, T log_prob, T alpha) {
  return alpha * log_prob - smaller_q(q1, q2);
}

/// By how much a sample's entropy falls short of the target. sac_v2's J_alpha = -mean log_alpha
/// (log pi(a^|s) + target_entropy), the log-probs constants: its derivative by log_alpha is minus
/// the mean of this, and the loss is log_alpha times that.
template <class T>
SAC_HD T entropy_deficit(T log_prob, T target_entropy) {
  return log_prob + target_entropy;
}

}  // namespace sac
