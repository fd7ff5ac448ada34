// How deep the ring of a launch is (mlp/weight_ring.cuh).
#pragma once

#include <cuda_runtime.h>

#include <algorithm>

#include "kernels/device_state.h"
#include "kernels/gpu/launch_kernel.cuh"

namespace sac::fused {

/// Whether deep rings leave room for all blocks that would share an SM without them: a ring hides
/// latency, and so do other blocks.
template <class Traits>
bool deep_ring_fits(const GpuLimits& gpu, dim3 grid) {
  const size_t bytes = Traits::shared_bytes(true), sms = gpu.sms;
  const size_t blocks = size_t{grid.x} * grid.y;
  const size_t together = std::min<size_t>(Traits::kBlocksPerSm, (blocks + sms - 1) / sms);
  return bytes <= gpu.shared_per_block &&
         together * (bytes + kSystemSharedBytes) <= gpu.shared_per_sm;
}

/// What a kernel with a ring needs at least.
template <class Traits>
KernelBudget ring_budget(const char* source, int hidden, Precision precision) {
  return budget<Traits>(source, hidden, precision, Traits::shared_bytes(false));
}

}  // namespace sac::fused
