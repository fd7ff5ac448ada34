// What a learner on the device begins with, for tests that launch kernels themselves.
#pragma once

#include <memory>
#include <vector>

#include "host/cuda/agent_memory.h"
#include "host/cuda/backend.h"
#include "host/cuda/stream.h"
#include "kernels/gpu/cuda_error.h"
#include "kernels/sac/initialise.h"

namespace sac {

/// Memory with initial parameters and start states, and who works on it.
struct Started {
  explicit Started(const LearnerConfig& c)
      : memory(c), backend(cuda::make_backend(c, memory.device(), stream)) {
    launch_initialise(memory.device(), stream.get());
    backend->refresh_copies(memory.device());
    launch_start_environments(memory.device(), stream.get());
  }

  /// [agents, capacity, record size], after the work that was submitted.
  std::vector<float> replay() const {
    const DeviceState& d = memory.device();
    std::vector<float> all(d.agents * d.capacity * record_layout(d.shape).size);
    stream.synchronise();
    check(cudaMemcpy(all.data(), d.replay, all.size() * sizeof(float), cudaMemcpyDeviceToHost),
          "cudaMemcpy");
    return all;
  }

  cuda::Stream stream;
  cuda::AgentMemory memory;
  std::unique_ptr<cuda::Backend> backend;
};

}  // namespace sac
