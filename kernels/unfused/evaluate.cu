// Evaluated episodes between two runs of the policy, a thread per episode.
#include <cstring>

#include "kernels/env/episode.cuh"
#include "kernels/env/registry.h"
#include "kernels/gpu/launch_kernel.cuh"
#include "kernels/unfused/launch.h"

namespace sac::unfused {
namespace {

constexpr int kThreads = 128;

/// An episode's place in global memory. States lie in rows of `episodes`, one row per scalar.
template <template <class> class E>
class EpisodeSlot {
  using State = typename E<float>::State;
  static constexpr int kState = E<float>::info.state;

 public:
  __device__ EpisodeSlot(const EpisodeResults& results, const PlayedEpisodes& played)
      : index(static_cast<int>(blockIdx.x) * kThreads + static_cast<int>(threadIdx.x)),
        results_(results),
        played_(played) {}

  __device__ bool exists() const { return index < results_.episodes; }
  __device__ bool playing() const { return played_.playing[at()] != 0; }

  __device__ void load() {
    float packed[kState];
    for (int i = 0; i < kState; ++i) packed[i] = scalars()[i * stride()];
    memcpy(&episode.state, packed, sizeof(State));
    episode.total = results_.returns[at()];
    episode.length = results_.lengths[at()];
  }

  /// Also the observation, for the policy.
  __device__ void save() const {
    float packed[kState];
    memcpy(packed, &episode.state, sizeof(State));
    for (int i = 0; i < kState; ++i) scalars()[i * stride()] = packed[i];
    results_.returns[at()] = episode.total;
    results_.lengths[at()] = episode.length;
    played_.playing[at()] = episode.playing ? 1 : 0;
    E<float>::observe(episode.state, row(played_.obs));
  }

  /// The episode's row of a matrix.
  __device__ float* row(const AgentMatrix& m) const {
    return m.data + blockIdx.y * m.agent_stride + static_cast<size_t>(index) * m.row_stride;
  }

  const int index;  ///< of the episode within its agent
  env::Episode<E> episode;

 private:
  __device__ size_t stride() const { return results_.episodes; }
  __device__ size_t at() const { return blockIdx.y * stride() + index; }
  __device__ float* scalars() const {
    return played_.state + blockIdx.y * kState * stride() + index;
  }

  const EpisodeResults& results_;
  const PlayedEpisodes& played_;
};

/// Grid: x covers the agent's episodes, y = agents.
template <template <class> class E>
__global__ void __launch_bounds__(kThreads)
    start_episodes_kernel(const __grid_constant__ EpisodeResults results,
                          const __grid_constant__ PlayedEpisodes played) {
  EpisodeSlot<E> slot(results, played);
  if (!slot.exists() || !env::plays(results, blockIdx.y)) return;
  slot.episode.start(results, blockIdx.y, slot.index);
  slot.save();
}

/// Grid: x covers the agent's episodes, y = agents.
template <template <class> class E>
__global__ void __launch_bounds__(kThreads)
    step_episodes_kernel(const __grid_constant__ DeviceState d,
                         const __grid_constant__ EpisodeResults results,
                         const __grid_constant__ PlayedEpisodes played) {
  EpisodeSlot<E> slot(results, played);
  if (!slot.exists() || !slot.playing()) return;
  slot.load();
  slot.episode.step(slot.row(played.policy_output), d.control[blockIdx.y].max_action);
  slot.save();
}

}  // namespace

void launch_start_episodes(const DeviceState& d, const EpisodeResults& results,
                           const PlayedEpisodes& played, cudaStream_t stream) {
  env::Environments::visit(d.environment, [&]<template <class> class E>() {
    launch<NoShared>("episode start", start_episodes_kernel<E>,
                     agent_grid(results.episodes, kThreads, d.agents), kThreads, stream, results,
                     played);
  });
}

void launch_step_episodes(const DeviceState& d, const EpisodeResults& results,
                          const PlayedEpisodes& played, cudaStream_t stream) {
  env::Environments::visit(d.environment, [&]<template <class> class E>() {
    launch<NoShared>("episode step", step_episodes_kernel<E>,
                     agent_grid(results.episodes, kThreads, d.agents), kThreads, stream, d, results,
                     played);
  });
}

}  // namespace sac::unfused
