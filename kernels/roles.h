// The roles of wave 1's blocks (gradients.cuh), in the grid's order: longest first.
#pragma once

namespace sac {

enum class Role : int { policy_q1, policy_q2, value, q1, q2, v, v_target };
inline constexpr int kRoles = 7;

/// H x H products per row of each role: what the balance of the grid is computed from.
inline constexpr int kRoleUnits[kRoles] = {4, 4, 3, 2, 2, 2, 1};

}  // namespace sac
