// What the gradients kernel left of one network, by name.
#pragma once

#include <cuda_runtime.h>

#include "kernels/fused/scratch.h"

namespace sac::fused {

/// Where one agent's arrays of one network lie in the scratch.
struct NetworkScratch {
  const float *input, *h1, *h2, *unit_dz1, *old_w3;

  /// The policy's complete gradients, through Q1 and through Q2.
  struct Version {
    const float *dz1, *dz2, *output_gradient;
  };
  Version through_q1, through_q2;

  __device__ NetworkScratch(const Scratch& scratch, int agent, Network network) {
    const float* base = scratch.at(agent, 0);
    const ScratchLayout& l = scratch.layout;
    const int n = static_cast<int>(network);
    input = base + l.input;
    h1 = base + l.h1[n];
    h2 = base + l.h2[n];
    unit_dz1 = base + l.unit_dz1[n];
    old_w3 = base + l.old_w3[n];
    through_q1 = {base + l.policy_dz1[0], base + l.policy_dz2[0],
                  base + l.policy_output_gradient[0]};
    through_q2 = {base + l.policy_dz1[1], base + l.policy_dz2[1],
                  base + l.policy_output_gradient[1]};
  }

  __device__ const Version& version(int v) const { return v == 0 ? through_q1 : through_q2; }
};

}  // namespace sac::fused
