#include "kernels/update.cuh"

#include "kernels/instances.h"
#include "kernels/launcher.cuh"
#include "kernels/mlp/products.cuh"

namespace sac {
namespace {

template <int H, Precision P, bool kStoreGradients>
using UpdateKernel = UpdateTraits<WeightGradient<H, typename Products<P>::Outer>, H,
                                  kStoreGradients, P == Precision::bf16>;

template <int H, Precision P, bool kStoreGradients>
void launch_with(const DeviceState& d, cudaStream_t stream) {
  using Traits = UpdateKernel<H, P, kStoreGradients>;
  launch<typename Traits::Shared>("wave 2", update_kernel<Traits>,
                                  dim3(Traits::kBlocks, static_cast<unsigned>(d.agents)),
                                  Traits::kThreads, stream, d);
}

}  // namespace

template <int H, Precision P>
void Fused<H, P>::update(const DeviceState& d, cudaStream_t stream) {
  d.gradients == nullptr ? launch_with<H, P, false>(d, stream) : launch_with<H, P, true>(d, stream);
}

template <int H, Precision P>
KernelBudget Fused<H, P>::update_budget() {
  return budget<UpdateKernel<H, P, false>>("update.cu", H, P);
}

template void Fused<SAC_HIDDEN, SAC_PRECISION>::update(const DeviceState&, cudaStream_t);
template KernelBudget Fused<SAC_HIDDEN, SAC_PRECISION>::update_budget();

}  // namespace sac
