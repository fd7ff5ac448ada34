// The roles of the gradients kernel's blocks (gradients.cuh), in the grid's order: longest first.
#pragma once

#include "kernels/precision.h"

namespace sac::fused {

enum class Role : int { policy_q1, policy_q2, value, q1, q2, v, v_target };
inline constexpr int kRoles = 7;

/// H x H products per row of each role: what the balance of the grid is computed from.
inline constexpr int kRoleUnits[kRoles] = {4, 4, 3, 2, 2, 2, 1};

/// Batch rows of a block: 16 keep the multiplications of a small batch in parallel; on tensor cores
/// W2's way from L2 is what takes time, and 32 rows halve it.
constexpr int rows_per_block(Precision precision) {
  return precision == Precision::fp32 ? 16 : 32;
}

}  // namespace sac::fused
