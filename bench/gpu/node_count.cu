#include "bench/gpu/node_count.h"

#include "host/cuda/agent_memory.h"
#include "host/cuda/backend.h"

namespace sac::bench {

NodeCount count_nodes(const LearnerConfig& config, const cuda::Stream& stream) {
  const cuda::AgentMemory memory(config);
  const DeviceState& d = memory.device();
  const std::unique_ptr<cuda::Backend> backend = cuda::make_backend(config, d, stream);
  const auto update = [&] {
    backend->gradients(d, {});
    backend->update(d);
  };
  const auto vector_step = [&] { backend->rollout(d, 1, false); };
  update();  // a library may do more the first time
  vector_step();
  const NodeCount count = {cuda::Graph(stream, update).nodes(),
                           cuda::Graph(stream, vector_step).nodes()};
  stream.synchronise();
  return count;
}

}  // namespace sac::bench
