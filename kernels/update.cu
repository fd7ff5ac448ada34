#include "kernels/update.cuh"

#include "kernels/instances.h"
#include "kernels/launcher.cuh"

namespace sac {
namespace {

template <int H, bool kStoreGradients>
void launch_with(const DeviceState& d, cudaStream_t stream) {
  using Traits = UpdateTraits<WeightGradientFp32<H>, H, kStoreGradients>;
  launch<typename Traits::Shared>("wave 2", update_kernel<Traits>,
                                  dim3(Traits::kBlocks, static_cast<unsigned>(d.agents)),
                                  Traits::kThreads, stream, d);
}

}  // namespace

template <int H>
void Fused<H>::update(const DeviceState& d, cudaStream_t stream) {
  d.gradients == nullptr ? launch_with<H, false>(d, stream) : launch_with<H, true>(d, stream);
}

template <int H>
KernelBudget Fused<H>::update_budget() {
  using Traits = UpdateTraits<WeightGradientFp32<H>, H, false>;
  return {"update.cu", H, Traits::kThreads, sizeof(typename Traits::Shared)};
}

template void Fused<SAC_HIDDEN>::update(const DeviceState&, cudaStream_t);
template KernelBudget Fused<SAC_HIDDEN>::update_budget();

}  // namespace sac
