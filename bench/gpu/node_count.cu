#include "bench/gpu/node_count.h"

#include "host/cuda/agent_memory.h"
#include "kernels/launch.h"

namespace sac {
namespace {

template <class Submit>
int64_t captured_nodes(const Stream& stream, const Submit& submit) {
  check(cudaStreamBeginCapture(stream.get(), cudaStreamCaptureModeThreadLocal),
        "cudaStreamBeginCapture");
  submit();
  cudaGraph_t graph = nullptr;
  check(cudaStreamEndCapture(stream.get(), &graph), "cudaStreamEndCapture");
  size_t nodes = 0;
  check(cudaGraphGetNodes(graph, nullptr, &nodes), "cudaGraphGetNodes");
  check(cudaGraphDestroy(graph), "cudaGraphDestroy");
  return static_cast<int64_t>(nodes);
}

}  // namespace

NodeCount count_nodes(const LearnerConfig& config, const Stream& stream) {
  const AgentMemory memory(config);
  const DeviceState& d = memory.device();
  const auto update = [&] {
    launch_gradients(d, {}, stream.get());
    launch_update(d, stream.get());
  };
  return {captured_nodes(stream, update),
          captured_nodes(stream, [&] { launch_rollout(d, 1, false, stream.get()); })};
}

}  // namespace sac
