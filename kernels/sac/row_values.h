// What the losses and their gradients are made of, batch row by batch row.
#pragma once

namespace sac {

/// One float per batch row each, in arrays of B: RowValue's order is that of the arrays.
enum class RowValue : int {
  reward,
  terminated,
  v,           ///< V(s)
  v_next,      ///< the value of s': V_target(s'), in sac_v2 the soft value of a' there
  soft_value,  ///< of a~ at s, what V(s) is fitted to (eq. 5); sac_v1
  q1_value,    ///< Q1 at that sample; in sac_v2 its target
  q1_data,     ///< Q1(s, a), a from the replay
  q1_policy,   ///< Q1(s, a^), eq. 12's reparameterised sample
  q2_value,    ///< Q2 at the same three
  q2_data,
  q2_policy,
  log_prob_value,   ///< log pi of the soft value's sample
  log_prob_policy,  ///< log pi(a^|s)
};
inline constexpr int kRowValues = 13;

}  // namespace sac
