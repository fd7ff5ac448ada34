// What the gradients kernel left of one network, by name.
#pragma once

#include <cuda_runtime.h>

#include "kernels/fused/scratch.h"

namespace sac::fused {

/// Where one agent's arrays of one network lie in the scratch.
struct NetworkScratch {
  const float *input, *h1, *h2, *unit_dz1, *old_w3;
  /// The policy's complete gradients through Q1; those through Q2 are `through_q2` floats further.
  const float *dz1, *dz2, *output_gradient;
  int through_q2;

  __device__ NetworkScratch(const Scratch& scratch, int agent, Network network) {
    const float* base = scratch.at(agent, 0);
    const ScratchLayout& l = scratch.layout;
    const int n = static_cast<int>(network);
    input = base + l.input;
    h1 = base + l.h1[n];
    h2 = base + l.h2[n];
    unit_dz1 = base + l.unit_dz1[n];
    old_w3 = base + l.old_w3[n];
    dz1 = base + l.policy_dz1[0];
    dz2 = base + l.policy_dz2[0];
    output_gradient = base + l.policy_output_gradient[0];
    through_q2 = static_cast<int>(l.policy_dz1[1] - l.policy_dz1[0]);
  }
};

/// The three arrays through Q2 are equally far from those through Q1.
constexpr bool versions_are_equally_far(const ScratchLayout& l) {
  const size_t distance = l.policy_dz1[1] - l.policy_dz1[0];
  return l.policy_dz2[1] - l.policy_dz2[0] == distance &&
         l.policy_output_gradient[1] - l.policy_output_gradient[0] == distance;
}
static_assert(versions_are_equally_far(scratch_layout({.obs = 5, .act = 1, .hidden = 32}, 37)));

}  // namespace sac::fused
