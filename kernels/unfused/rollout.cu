// The environments' part of a rollout step, a thread per environment.
#include "kernels/env/registry.h"
#include "kernels/gpu/lanes.cuh"
#include "kernels/gpu/launch_kernel.cuh"
#include "kernels/sac/rollout_step.cuh"
#include "kernels/unfused/launch.h"

namespace sac::unfused {
namespace {

constexpr int kThreads = 128;

__device__ float* row_of(const AgentMatrix& m, uint64_t row) {
  return m.data + blockIdx.y * m.agent_stride + row * m.row_stride;
}

__device__ uint64_t environment_index() {
  return static_cast<uint64_t>(blockIdx.x) * kThreads + threadIdx.x;
}

/// Grid: x covers the agent's environments, y = agents.
template <template <class> class E>
__global__ void __launch_bounds__(kThreads)
    observe_kernel(const __grid_constant__ DeviceState d, const __grid_constant__ AgentMatrix obs) {
  if (environment_index() >= d.envs) return;
  env::EnvironmentSlot<E> e(d, blockIdx.y, environment_index());
  e.load();
  E<float>::observe(e.state, row_of(obs, e.index));
}

/// Grid: x covers the agent's environments, y = agents.
template <template <class> class E>
__global__ void __launch_bounds__(kThreads)
    act_kernel(const __grid_constant__ DeviceState d,
               const __grid_constant__ AgentMatrix policy_output, bool warm_up) {
  constexpr RecordLayout kRecord = record_of<E>;
  if (environment_index() >= d.envs) return;
  const int agent = blockIdx.y;
  const AgentControl& control = d.control[agent];
  if (control.retired != 0) return;
  env::EnvironmentSlot<E> e(d, agent, environment_index());
  e.load();
  const uint64_t slot = replay_slot(e.vector_step, d.envs, e.index, d.capacity);
  // The padding of a record is zero from the start.
  float* const record = d.replay + (agent * d.capacity + slot) * kRecord.size;
  E<float>::observe(e.state, record);
  for (int a = 0; a < E<float>::info.act; ++a) {
    record[kRecord.action + a] =
        rollout_action(control, row_of(policy_output, e.index), a, e, warm_up);
  }
  rollout_step(control, e, record);
  e.save();
}

}  // namespace

void launch_observe(const DeviceState& d, const AgentMatrix& obs, cudaStream_t stream) {
  env::Environments::visit(d.environment, [&]<template <class> class E>() {
    launch<NoShared>("observation", observe_kernel<E>, agent_grid(d.envs, kThreads, d.agents),
                     kThreads, stream, d, obs);
  });
}

void launch_act(const DeviceState& d, const AgentMatrix& policy_output, bool warm_up,
                cudaStream_t stream) {
  env::Environments::visit(d.environment, [&]<template <class> class E>() {
    launch<NoShared>("environment step", act_kernel<E>, agent_grid(d.envs, kThreads, d.agents),
                     kThreads, stream, d, policy_output, warm_up);
  });
}

}  // namespace sac::unfused
