#include "kernels/gradients.cuh"

#include "kernels/instances.h"
#include "kernels/launcher.cuh"
#include "kernels/mlp/products.cuh"

namespace sac {
namespace {

template <int H, Precision P>
using GradientsKernel = GradientsTraits<typename Products<P>::template Tile<H, rows_per_block(P)>>;

}  // namespace

template <int H, Precision P>
void Fused<H, P>::gradients(const DeviceState& d, const GivenBatch& given, cudaStream_t stream) {
  using Traits = GradientsKernel<H, P>;
  dim3 grid = agent_grid(static_cast<uint64_t>(d.batch), Traits::kRows, d.agents);
  grid.x *= kRoles;
  launch<typename Traits::Shared>("wave 1", gradients_kernel<Traits>, grid, Traits::kThreads,
                                  stream, d, given);
}

template <int H, Precision P>
KernelBudget Fused<H, P>::gradients_budget() {
  return budget<GradientsKernel<H, P>>("gradients.cu", H, P);
}

template void Fused<SAC_HIDDEN, SAC_PRECISION>::gradients(const DeviceState&, const GivenBatch&,
                                                          cudaStream_t);
template KernelBudget Fused<SAC_HIDDEN, SAC_PRECISION>::gradients_budget();

}  // namespace sac
