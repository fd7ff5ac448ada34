// What the gradients kernel leaves for the update kernel: one block of floats per agent, sizes and
// offsets in one place.
#pragma once

#include "kernels/layout.h"
#include "kernels/sac/row_values.h"

namespace sac::fused {

/// Offsets in floats, relative to the agent's scratch. [B, .] arrays are row-major.
///
/// The scalar networks (q1, q2, v) leave a *unit* gradient: dz1 for an output gradient of 1 in
/// every row. The update multiplies by the row's true output gradient, which nobody knows yet.
/// The policy's gradient depends on which Q is smaller, row by row: it is left in two versions,
/// one through each Q, and the update picks.
struct ScratchLayout {
  size_t input = 0;                               ///< [B, O + A]: s, and a from the replay
  size_t row_values = 0;                          ///< [kRowValues, B]
  size_t h1[kMostTrained] = {};                   ///< [B, H], after the ReLU
  size_t h2[kMostTrained] = {};                   ///< [B, H], after the ReLU
  size_t unit_dz1[kMostTrained] = {};             ///< [B, H]; the policy has none
  size_t policy_dz1[2] = {}, policy_dz2[2] = {};  ///< [B, H], complete, through Q1 and Q2
  size_t policy_output_gradient[2] = {};          ///< [B, 2A], complete, through Q1 and Q2
  size_t old_w3[kMostTrained] = {};               ///< [H]: w3 before the step; not the policy
  size_t size = 0;                                ///< floats per agent
};

constexpr ScratchLayout scratch_layout(const Shape& s, int batch) {
  ScratchLayout layout;
  const size_t b = batch;
  const size_t h = s.hidden;
  const auto take = [&layout](size_t floats) {
    const size_t offset = layout.size;
    layout.size += aligned(floats);
    return offset;
  };
  layout.input = take(b * (s.obs + s.act));
  layout.row_values = take(b * kRowValues);
  for (int n = 0; n < trained_networks(s.algorithm); ++n) {
    layout.h1[n] = take(b * h);
    layout.h2[n] = take(b * h);
    if (static_cast<Network>(n) == Network::pi) continue;
    layout.unit_dz1[n] = take(b * h);
    layout.old_w3[n] = take(h);
  }
  for (int q = 0; q < 2; ++q) {
    layout.policy_dz1[q] = take(b * h);
    layout.policy_dz2[q] = take(b * h);
    layout.policy_output_gradient[q] = take(b * 2 * s.act);
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

}  // namespace sac::fused
