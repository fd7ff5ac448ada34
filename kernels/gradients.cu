#include "kernels/gradients.cuh"

#include "kernels/instances.h"
#include "kernels/launcher.cuh"
#include "kernels/mlp/tile_fp32.cuh"

namespace sac {
namespace {

/// How many rows a block owns.
template <int H>
using GradientsKernel = GradientsTraits<TileFp32<H, 16>>;

}  // namespace

template <int H>
void Fused<H>::gradients(const DeviceState& d, const GivenBatch& given, cudaStream_t stream) {
  using Traits = GradientsKernel<H>;
  dim3 grid = agent_grid(static_cast<uint64_t>(d.batch), Traits::kRows, d.agents);
  grid.x *= kRoles;
  launch<typename Traits::Shared>("wave 1", gradients_kernel<Traits>, grid, Traits::kThreads,
                                  stream, d, given);
}

template <int H>
KernelBudget Fused<H>::gradients_budget() {
  using Traits = GradientsKernel<H>;
  return {"gradients.cu", H, Traits::kThreads, sizeof(typename Traits::Shared)};
}

template void Fused<SAC_HIDDEN>::gradients(const DeviceState&, const GivenBatch&, cudaStream_t);
template KernelBudget Fused<SAC_HIDDEN>::gradients_budget();

}  // namespace sac
