// Adam and the soft update over whole networks and the temperature, four elements a thread. Between
// the tensors lie zeros, which stay zero.
#include "kernels/sac/optimise.h"

#include "kernels/gpu/launch_kernel.cuh"
#include "kernels/sac/adam.cuh"
#include "kernels/sac/row_loss.cuh"
#include "kernels/sac/temperature.cuh"

namespace sac {
namespace {

constexpr int kThreads = 256;
constexpr int kWord = 4;

/// Grid: x covers the largest network, y = agents, z = trained networks, and in sac_v2 log_alpha.
__global__ void __launch_bounds__(kThreads) optimise_kernel(const __grid_constant__ DeviceState d) {
  const int agent = blockIdx.y, n = blockIdx.z;
  AgentControl& control = d.control[agent];
  if (control.next.active == 0) return;
  const size_t i = static_cast<size_t>(blockIdx.x) * kThreads + threadIdx.x;
  const bool is_network = n < trained_networks(d.shape.algorithm);
  const Network network = is_network ? static_cast<Network>(n) : Network::log_alpha;
  if (i == 0 && d.shared) note_loss(control, network, shared_loss(d, agent, network));
  if (i == 0 && n == 0) control.now = control.next;
  const size_t begin = is_network ? d.networks[n].w1 : log_alpha_offset(d);
  const size_t end = is_network ? d.networks[n].end : d.parameter_stride;
  const size_t offset = begin + kWord * i;
  if (offset >= end) return;
  const Vector4 gradient = load<kWord>(d.gradients + agent * gradient_stride(d) + offset);
  const ElementUpdate<false> update(d, agent, network);
  auto elements = update.template fetch<kWord>(offset);
  update.apply(UpdateStep(control, network), offset, elements, gradient);
}

}  // namespace

void launch_optimise(const DeviceState& d, cudaStream_t stream) {
  size_t largest = 0;
  for (int n = 0; n < trained_networks(d.shape.algorithm); ++n) {
    const size_t size = d.networks[n].end - d.networks[n].w1;
    if (size > largest) largest = size;
  }
  dim3 grid = agent_grid(largest, kWord * kThreads, d.agents);
  grid.z = kLosses;
  launch<NoShared>("optimiser", optimise_kernel, grid, kThreads, stream, d);
}

}  // namespace sac
