// What the kernels of the unfused path leave for each other: one block of floats per agent.
#pragma once

#include "kernels/layout.h"
#include "kernels/sac/row_values.h"

namespace sac::unfused {

/// The inputs of a step, in three groups of B rows.
enum class Group : int {
  value,   ///< (s, a~), eq. 5's own sample; in sac_v2 (s', a')
  data,    ///< (s, a), a from the replay
  policy,  ///< (s, a^), eq. 12's reparameterised sample
};
inline constexpr int kGroups = 3;

/// Neighbours among the groups.
struct Groups {
  Group first;
  int count;
};

/// Those that a step evaluates a network on; pi and V read their observations alone. v_target has
/// an input of its own, of one group's size.
SAC_HD constexpr Groups forward_groups(Algorithm a, Network n) {
  const bool v1 = a == Algorithm::sac_v1;
  if (n == Network::pi) return {Group::value, v1 ? 1 : 2};
  if (n == Network::q1 || n == Network::q2)
    return v1 ? Groups{Group::value, 3} : Groups{Group::data, 2};
  return {Group::value, 1};
}

/// Those of them that a gradient goes through. The first is that of the network's own loss, a Q's
/// second that of the policy's.
SAC_HD constexpr Groups gradient_groups(Algorithm a, Network n) {
  if (n == Network::q1 || n == Network::q2) return {Group::data, 2};
  return {n == Network::pi && a == Algorithm::sac_v2 ? Group::data : Group::value, 1};
}

/// Among pi's rows the one of batch row b at s.
SAC_HD constexpr int policy_row(Algorithm a, int batch, int b) {
  return static_cast<int>(gradient_groups(a, Network::pi).first) * batch + b;
}

/// Where the output of a Q, or of a Q's target, on a group lies among the row values. One product
/// writes those of all groups, in order.
constexpr RowValue q_output(Network q, Group group) {
  const bool is_first = q == Network::q1 || q == Network::q1_target;
  const RowValue first = is_first ? RowValue::q1_value : RowValue::q2_value;
  return static_cast<RowValue>(static_cast<int>(first) + static_cast<int>(group));
}
static_assert(q_output(Network::q1, Group::data) == RowValue::q1_data &&
              q_output(Network::q1, Group::policy) == RowValue::q1_policy &&
              q_output(Network::q2, Group::data) == RowValue::q2_data &&
              q_output(Network::q2, Group::policy) == RowValue::q2_policy);

/// Offsets in floats, relative to the agent's scratch. Arrays are row-major.
struct ScratchLayout {
  size_t row_values = 0;                          ///< [kRowValues, B]
  size_t q_input = 0;                             ///< [3B, O + A] by Group
  size_t next_obs = 0;                            ///< [B, O], v_target's
  size_t policy_output = 0;                       ///< [rows, 2A], pi's forward_groups
  size_t samples = 0;                             ///< [B, A] TanhGaussianSample<float>, eq. 12's
  size_t action_gradient = 0;                     ///< [B, A]: d min(Q1, Q2) / d a^
  size_t h1[kNetworks] = {}, h2[kNetworks] = {};  ///< [rows, H], forward_groups, after the ReLU
  size_t output_gradient[kMostTrained] = {};      ///< [rows, out], gradient_groups
  size_t dz1[kMostTrained] = {};                  ///< [rows, H], gradient_groups
  size_t dz2[kMostTrained] = {};                  ///< [rows, H], gradient_groups
  size_t size = 0;                                ///< floats per agent
};

constexpr ScratchLayout scratch_layout(const Shape& s, int batch) {
  ScratchLayout layout;
  const size_t b = batch, h = s.hidden;
  const size_t obs = s.obs, act = s.act;
  const auto take = [&layout](size_t floats) {
    const size_t offset = layout.size;
    layout.size += aligned(floats);
    return offset;
  };
  layout.row_values = take(b * kRowValues);
  layout.q_input = take(kGroups * b * (obs + act));
  layout.next_obs = take(s.algorithm == Algorithm::sac_v1 ? b * obs : 0);
  layout.policy_output = take(forward_groups(s.algorithm, Network::pi).count * b * 2 * act);
  layout.samples = take(b * act * 4);
  layout.action_gradient = take(b * act);
  for (int n = 0; n < kNetworks; ++n) {
    const Network network = static_cast<Network>(n);
    const size_t rows = forward_groups(s.algorithm, network).count * b;
    layout.h1[n] = take(rows * h);
    layout.h2[n] = take(rows * h);
    if (is_target(s.algorithm, network)) continue;
    const size_t gradient_rows = gradient_groups(s.algorithm, network).count * b;
    const size_t out = network_out(s, network);
    layout.output_gradient[n] = take(gradient_rows * out);
    layout.dz1[n] = take(gradient_rows * h);
    layout.dz2[n] = take(gradient_rows * h);
  }
  return layout;
}

/// The scratch of all agents, [P, layout.size] in device memory.
struct Scratch {
  float* base = nullptr;
  ScratchLayout layout;

  /// One agent's array.
  SAC_HD float* at(int agent, size_t offset) const { return base + agent * layout.size + offset; }
};

}  // namespace sac::unfused
