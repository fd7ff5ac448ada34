// Initial parameters (PyTorch's default for linear layers) and the environments' first states.
#pragma once

#include <cuda_runtime.h>

#include "kernels/bf16_copy.cuh"
#include "kernels/environment_slot.cuh"
#include "kernels/mlp/lanes.cuh"
#include "kernels/random.h"

namespace sac {

inline constexpr int kInitialiseThreads = 256;

/// The initial value of the element at `offset` in an agent's vector: uniform within 1 / sqrt(fan
/// in), zero between the tensors. v_target's is that of v's element at the same place.
__device__ inline float initial_parameter(const DeviceState& d, uint64_t key, size_t offset) {
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
__device__ inline void initialise_parameters_body(const DeviceState& d) {
  const size_t agent = blockIdx.y;
  const size_t offset = static_cast<size_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (offset >= d.parameter_stride) return;
  d.parameters[agent * d.parameter_stride + offset] =
      initial_parameter(d, d.control[agent].key, offset);
}

/// Grid: x covers the agent's environments, y = agents.
template <template <class> class E>
__device__ void start_environments_body(const DeviceState& d) {
  const int agent = static_cast<int>(blockIdx.y);
  const uint64_t index = static_cast<uint64_t>(blockIdx.x) * blockDim.x + threadIdx.x;
  if (index >= d.envs) return;
  EnvironmentSlot<E> e(d, agent, index);
  e.vector_step = 0;
  e.reset(d.control[agent].key);
  e.save();
}

template <template <class> class E>
__global__ void __launch_bounds__(kInitialiseThreads)
    start_environments_kernel(const __grid_constant__ DeviceState d) {
  start_environments_body<E>(d);
}

}  // namespace sac
