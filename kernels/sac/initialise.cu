// Initial parameters (PyTorch's default for linear layers) and the environments' first states.
#include "kernels/sac/initialise.h"

#include <cuda_runtime.h>

#include "kernels/env/environment_slot.cuh"
#include "kernels/env/registry.h"
#include "kernels/gpu/lanes.cuh"
#include "kernels/gpu/launch_kernel.cuh"
#include "kernels/random.h"
#include "kernels/sac/bf16_copy.cuh"

namespace sac {

constexpr int kInitialiseThreads = 256;

/// The initial value of the element at `offset` in an agent's vector: uniform within 1 / sqrt(fan
/// in), zero between the tensors. v_target's is that of v's element at the same place.
__device__ float initial_parameter(const DeviceState& d, uint64_t key, size_t offset) {
  const NetworkLayout& v = d.networks[static_cast<int>(Network::v)];
  const NetworkLayout& v_target = d.networks[static_cast<int>(Network::v_target)];
  if (offset >= v_target.w1) offset -= v_target.w1 - v.w1;
  int n = 0;
  while (offset >= d.networks[n].end) ++n;
  const NetworkLayout& l = d.networks[n];
  const size_t hidden = static_cast<size_t>(l.hidden), out = static_cast<size_t>(l.out);
  const auto within = [offset](size_t begin, size_t count) {
    return offset >= begin && offset < begin + count;
  };
  const bool first_layer = within(l.w1, hidden * l.in) || within(l.b1, hidden);
  const bool later_layer = within(l.w2, hidden * hidden) || within(l.b2, hidden) ||
                           within(l.w3, out * hidden) || within(l.b3, out);
  if (!first_layer && !later_layer) return 0;
  const float bound = 1.0f / sqrtf(static_cast<float>(first_layer ? l.in : l.hidden));
  const uint32_t word = random_word({key}, Purpose::initialise, static_cast<uint32_t>(offset), 0);
  return bound * (2 * uniform01<float>(word) - 1);
}

/// Grid: x covers the agent's vector, y = agents.
/// Grid: x covers the agent's environments, y = agents.
template <template <class> class E>
__global__ void __launch_bounds__(kInitialiseThreads)
    start_environments_kernel(const __grid_constant__ DeviceState d) {
  const int agent = static_cast<int>(blockIdx.y);
  const uint64_t index = static_cast<uint64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (index >= d.envs) return;
  env::EnvironmentSlot<E> e(d, agent, index);
  e.vector_step = 0;
  e.reset(d.control[agent].key);
  e.save();
}

__global__ void __launch_bounds__(kInitialiseThreads)
    initialise_parameters_kernel(const __grid_constant__ DeviceState d) {
  const size_t agent = blockIdx.y;
  const size_t offset = static_cast<size_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (offset >= d.parameter_stride) return;
  d.parameters[agent * d.parameter_stride + offset] =
      initial_parameter(d, d.control[agent].key, offset);
}

/// Grid: x covers all networks' W2, four elements a thread, y = agents.
__global__ void __launch_bounds__(kInitialiseThreads)
    copy_weights_kernel(const __grid_constant__ DeviceState d) {
  const int agent = static_cast<int>(blockIdx.y);
  const size_t size = static_cast<size_t>(d.shape.hidden) * static_cast<size_t>(d.shape.hidden);
  const size_t element = 4 * (static_cast<size_t>(blockIdx.x) * blockDim.x + threadIdx.x);
  if (element >= kNetworks * size) return;
  const Network n = static_cast<Network>(element / size);
  const float* parameters = d.parameters + static_cast<size_t>(agent) * d.parameter_stride;
  const size_t at = element % size;
  copy_w2(d, agent, n, at, load<4>(&parameters[d.networks[static_cast<int>(n)].w2 + at]));
}

void launch_initialise(const DeviceState& d, cudaStream_t stream) {
  launch<NoShared>("initialisation", initialise_parameters_kernel,
                   agent_grid(d.parameter_stride, kInitialiseThreads, d.agents), kInitialiseThreads,
                   stream, d);
  launch_copy_weights(d, stream);
}

void launch_copy_weights(const DeviceState& d, cudaStream_t stream) {
  if (d.w2_bf16 == nullptr) return;
  const uint64_t words = w2_bf16_offset(d.shape, 1, Network::pi) / 4;
  launch<NoShared>("weight copies", copy_weights_kernel,
                   agent_grid(words, kInitialiseThreads, d.agents), kInitialiseThreads, stream, d);
}

void launch_start_environments(const DeviceState& d, cudaStream_t stream) {
  env::Environments::visit(d.environment, [&]<template <class> class E>() {
    launch<NoShared>("environment start", start_environments_kernel<E>,
                     agent_grid(d.envs, kInitialiseThreads, d.agents), kInitialiseThreads, stream,
                     d);
  });
}

}  // namespace sac
