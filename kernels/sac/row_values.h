// What the losses and their gradients are made of, batch row by batch row.
#pragma once

namespace sac {

/// One float per batch row each, in arrays of B: RowValue's order is that of the arrays.
enum class RowValue : int {
  reward,
  terminated,
  v,           ///< V(s)
  v_next,      ///< V_target(s')
  soft_value,  ///< of the sample that a regression needs: of a~ at s (eq. 5), in sac_v2 of a' at s'
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
