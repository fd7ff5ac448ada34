// Initial parameters, the copies of W2, and the environments' first states.
#include "kernels/sac/initialise.h"

#include <cuda_runtime.h>

#include "kernels/env/environment_slot.cuh"
#include "kernels/env/registry.h"
#include "kernels/gpu/lanes.cuh"
#include "kernels/gpu/launch_kernel.cuh"
#include "kernels/sac/initial_parameter.h"
#include "kernels/sac/w2_copy.cuh"

namespace sac {

constexpr int kInitialiseThreads = 256;

/// Grid: x covers the agent's environments, y = agents.
template <template <class> class E>
__global__ void __launch_bounds__(kInitialiseThreads)
    start_environments_kernel(const __grid_constant__ DeviceState d) {
  const int agent = blockIdx.y;
  const uint64_t index = static_cast<uint64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (index >= d.envs) return;
  env::EnvironmentSlot<E> e(d, agent, index);
  e.start(d.control[agent].key);
  e.save();
}

/// Grid: x covers the networks, y = agents.
__global__ void __launch_bounds__(kInitialiseThreads)
    initialise_parameters_kernel(const __grid_constant__ DeviceState d) {
  const size_t agent = blockIdx.y;
  const size_t offset = static_cast<size_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (offset >= d.networks[kNetworks - 1].end) return;
  d.parameters[agent * d.parameter_stride + offset] =
      initial_parameter<float>(d.shape, d.networks, {d.control[agent].key}, offset);
}

/// Grid: x covers all networks' W2, four elements a thread, y = agents.
__global__ void __launch_bounds__(kInitialiseThreads)
    copy_weights_kernel(const __grid_constant__ DeviceState d,
                        const __grid_constant__ W2Copies copies) {
  const int agent = blockIdx.y;
  const size_t size = static_cast<size_t>(d.shape.hidden) * d.shape.hidden;
  const size_t element = 4 * (static_cast<size_t>(blockIdx.x) * blockDim.x + threadIdx.x);
  if (element >= kNetworks * size) return;
  const Network n = static_cast<Network>(element / size);
  const float* parameters = d.parameters + agent * d.parameter_stride;
  const size_t at = element % size;
  copy_w2(d, copies, d.precision, agent, n, at,
          load<4>(&parameters[d.networks[static_cast<int>(n)].w2 + at]));
}

void launch_initialise(const DeviceState& d, cudaStream_t stream) {
  launch<NoShared>("initialisation", initialise_parameters_kernel,
                   agent_grid(d.networks[kNetworks - 1].end, kInitialiseThreads, d.agents),
                   kInitialiseThreads, stream, d);
}

void launch_copy_weights(const DeviceState& d, const W2Copies& copies, cudaStream_t stream) {
  if (copies.base == nullptr) return;
  const uint64_t words = W2Copies::offset(d.shape, 1, Network::pi) / 4;
  launch<NoShared>("weight copies", copy_weights_kernel,
                   agent_grid(words, kInitialiseThreads, d.agents), kInitialiseThreads, stream, d,
                   copies);
}

void launch_start_environments(const DeviceState& d, cudaStream_t stream) {
  env::Environments::visit(d.environment, [&]<template <class> class E>() {
    launch<NoShared>("environment start", start_environments_kernel<E>,
                     agent_grid(d.envs, kInitialiseThreads, d.agents), kInitialiseThreads, stream,
                     d);
  });
}

cudaError_t find_code(cudaFuncAttributes& attributes) {
  return cudaFuncGetAttributes(&attributes, initialise_parameters_kernel);
}

}  // namespace sac
