// What the kernels of the unfused path leave for each other: one block of floats per agent.
#pragma once

#include "kernels/layout.h"
#include "kernels/sac/row_values.h"

namespace sac::unfused {

/// A step evaluates each Q on three groups of B rows. A gradient goes through the last two: that of
/// the Q's own loss and that of the policy's.
enum class QRows : int {
  value,   ///< (s, a~), eq. 5's own sample
  data,    ///< (s, a), a from the replay
  policy,  ///< (s, a^), eq. 12's reparameterised sample
};
inline constexpr int kQRows = 3;

/// Where a Q's output on a group lies among the row values. One product writes those of all groups,
/// in order.
constexpr RowValue q_output(Network q, QRows group) {
  const RowValue first = q == Network::q1 ? RowValue::q1_value : RowValue::q2_value;
  return static_cast<RowValue>(static_cast<int>(first) + static_cast<int>(group));
}
static_assert(q_output(Network::q1, QRows::data) == RowValue::q1_data &&
              q_output(Network::q1, QRows::policy) == RowValue::q1_policy &&
              q_output(Network::q2, QRows::data) == RowValue::q2_data &&
              q_output(Network::q2, QRows::policy) == RowValue::q2_policy);

SAC_HD constexpr bool is_q(Network n) {
  return n == Network::q1 || n == Network::q2;
}

/// Offsets in floats, relative to the agent's scratch. Arrays are row-major. The pairs of rows say
/// how many a scalar V or pi has, and how many a Q.
struct ScratchLayout {
  size_t row_values = 0;       ///< [kRowValues, B]
  size_t q_input = 0;          ///< [3B, O + A] by QRows; pi and V read its observations
  size_t next_obs = 0;         ///< [B, O]
  size_t policy_output = 0;    ///< [B, 2A]
  size_t samples = 0;          ///< [B, A] TanhGaussianSample<float>, eq. 12's
  size_t action_gradient = 0;  ///< [B, A]: d min(Q1, Q2) / d a^
  size_t h1[kNetworks] = {}, h2[kNetworks] = {};  ///< [B or 3B, H], after the ReLU
  size_t output_gradient[kMostTrained] = {};  ///< [B or 2B, out]
  size_t dz1[kMostTrained] = {};              ///< [B or 2B, H]
  size_t dz2[kMostTrained] = {};              ///< [B or 2B, H]
  size_t gradients = 0;  ///< in the layout of the parameters; zero between the tensors
  size_t size = 0;       ///< floats per agent
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
  layout.q_input = take(kQRows * b * (obs + act));
  layout.next_obs = take(b * obs);
  layout.policy_output = take(b * 2 * act);
  layout.samples = take(b * act * 4);
  layout.action_gradient = take(b * act);
  for (int n = 0; n < kNetworks; ++n) {
    const Network network = static_cast<Network>(n);
    const size_t rows = is_q(network) ? 3 * b : b;
    layout.h1[n] = take(rows * h);
    layout.h2[n] = take(rows * h);
    if (network == Network::v_target) continue;
    const size_t gradient_rows = is_q(network) ? 2 * b : b;
    const size_t out = network_out(s, network);
    layout.output_gradient[n] = take(gradient_rows * out);
    layout.dz1[n] = take(gradient_rows * h);
    layout.dz2[n] = take(gradient_rows * h);
  }
  layout.gradients = take(agent_stride(s));
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
