// The roles of the gradients kernel's blocks (gradients.cu), in the grid's order: longest first. A
// role runs one to three networks forward, and back through all of them or none.
#pragma once

#include "kernels/host_device.h"
#include "kernels/layout.h"
#include "kernels/precision.h"
#include "kernels/sac/row_values.h"

namespace sac::fused {

/// soft_value is what a regression needs of a sample of the policy: in sac_v1 what V(s) is fitted
/// to, by the Qs, in sac_v2 the value of s', by their targets. The last two are sac_v1's alone.
enum class Role : int { policy_q1, policy_q2, soft_value, q1, q2, v, v_target };

SAC_HD constexpr int roles(Algorithm a) {
  return a == Algorithm::sac_v1 ? 7 : 5;
}

/// Whether the role begins with the policy and goes on at its action.
SAC_HD constexpr bool samples(Role role) {
  return role == Role::policy_q1 || role == Role::policy_q2 || role == Role::soft_value;
}

/// Whether the role's observation is s' instead of s.
SAC_HD constexpr bool at_next_obs(Algorithm a, Role role) {
  return role == (a == Algorithm::sac_v1 ? Role::v_target : Role::soft_value);
}

SAC_HD constexpr int forward_passes(Role role) {
  return role == Role::soft_value ? 3 : samples(role) ? 2 : 1;
}

/// Back through the networks, the last one first.
SAC_HD constexpr bool goes_back(Role role) {
  return role != Role::soft_value && role != Role::v_target;
}

/// The network of a forward pass.
SAC_HD constexpr Network network_of(Algorithm a, Role role, int pass) {
  if (samples(role)) {
    if (pass == 0) return Network::pi;
    const bool first = role == Role::policy_q1 || (role == Role::soft_value && pass == 1);
    if (role == Role::soft_value && a == Algorithm::sac_v2) {
      return first ? Network::q1_target : Network::q2_target;
    }
    return first ? Network::q1 : Network::q2;
  }
  if (role == Role::v) return Network::v;
  if (role == Role::v_target) return Network::v_target;
  return role == Role::q1 ? Network::q1 : Network::q2;
}

/// What the output of a scalar network means.
SAC_HD constexpr RowValue row_value_of(Role role, int pass) {
  switch (role) {
    case Role::policy_q1:
      return RowValue::q1_policy;
    case Role::policy_q2:
      return RowValue::q2_policy;
    case Role::soft_value:
      return pass == 1 ? RowValue::q1_value : RowValue::q2_value;
    case Role::q1:
      return RowValue::q1_data;
    case Role::q2:
      return RowValue::q2_data;
    case Role::v:
      return RowValue::v;
    case Role::v_target:
      return RowValue::v_next;
  }
  return {};
}

/// H x H products per row: what the balance of the grid is computed from.
SAC_HD constexpr int products(Role role) {
  return forward_passes(role) * (goes_back(role) ? 2 : 1);
}

/// Blocks that L2 can send W2 to as fast as an SM takes it: 5.5 TB/s are 55 times 0.1.
inline constexpr int kBlocksFedAtFullRate = 56;

/// Batch rows of a block. On tensor cores W2's way from L2 is what takes time: while few blocks
/// share L2, 16 rows a block spread the rest of the work over twice as many SMs; 32 rows halve the
/// bytes.
constexpr int rows_per_block(Algorithm a, Precision precision, int batch, int agents) {
  const long long blocks = (batch + 15LL) / 16 * roles(a) * agents;
  return precision == Precision::fp32 || blocks <= kBlocksFedAtFullRate ? 16 : 32;
}

}  // namespace sac::fused
