// The roles of the gradients kernel's blocks (gradients.cu), in the grid's order: longest first. A
// role runs one to three networks forward, and back through all of them or none.
#pragma once

#include "kernels/host_device.h"
#include "kernels/layout.h"
#include "kernels/precision.h"
#include "kernels/sac/row_values.h"

namespace sac::fused {

enum class Role : int { policy_q1, policy_q2, value, q1, q2, v, v_target };
inline constexpr int kRoles = 7;

/// Whether the role begins with the policy and goes on at its action.
SAC_HD constexpr bool samples(Role role) {
  return role == Role::policy_q1 || role == Role::policy_q2 || role == Role::value;
}

SAC_HD constexpr int forward_passes(Role role) {
  return role == Role::value ? 3 : samples(role) ? 2 : 1;
}

/// Back through the networks, the last one first.
SAC_HD constexpr bool goes_back(Role role) {
  return role != Role::value && role != Role::v_target;
}

/// The network of a forward pass.
SAC_HD constexpr Network network_of(Role role, int pass) {
  if (samples(role)) {
    if (pass == 0) return Network::pi;
    return role == Role::policy_q2 || pass == 2 ? Network::q2 : Network::q1;
  }
  if (role == Role::v) return Network::v;
  if (role == Role::v_target) return Network::v_target;
  return role == Role::q1 ? Network::q1 : Network::q2;
}

/// What the output of a scalar network means in a role.
SAC_HD constexpr RowValue row_value_of(Role role, Network n) {
  if (n == Network::v) return RowValue::v;
  if (n == Network::v_target) return RowValue::v_next;
  const bool first = n == Network::q1;
  if (role == Role::value) return first ? RowValue::q1_value : RowValue::q2_value;
  if (samples(role)) return first ? RowValue::q1_policy : RowValue::q2_policy;
  return first ? RowValue::q1_data : RowValue::q2_data;
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
constexpr int rows_per_block(Precision precision, int batch, int agents) {
  const long long blocks = (batch + 15LL) / 16 * kRoles * agents;
  return precision == Precision::fp32 || blocks <= kBlocksFedAtFullRate ? 16 : 32;
}

}  // namespace sac::fused
