#include "kernels/initialise.cuh"

#include "kernels/env/registry.h"
#include "kernels/launch.h"
#include "kernels/launcher.cuh"

namespace sac {

__global__ void __launch_bounds__(kInitialiseThreads)
    initialise_parameters_kernel(const __grid_constant__ DeviceState d) {
  initialise_parameters_body(d);
}

__global__ void __launch_bounds__(kInitialiseThreads)
    copy_weights_kernel(const __grid_constant__ DeviceState d) {
  copy_weights_body(d);
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
  Environments::visit(d.environment, [&]<template <class> class E>() {
    launch<NoShared>("environment start", start_environments_kernel<E>,
                     agent_grid(d.envs, kInitialiseThreads, d.agents), kInitialiseThreads, stream,
                     d);
  });
}

}  // namespace sac
