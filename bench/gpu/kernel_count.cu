#include "bench/gpu/kernel_count.h"

#include <algorithm>
#include <vector>

#include "host/cuda/agent_memory.h"
#include "kernels/launch.h"

namespace sac {
namespace {

int kernel_nodes(cudaGraph_t graph) {
  size_t count = 0;
  check(cudaGraphGetNodes(graph, nullptr, &count), "cudaGraphGetNodes");
  std::vector<cudaGraphNode_t> nodes(count);
  check(cudaGraphGetNodes(graph, nodes.data(), &count), "cudaGraphGetNodes");
  return static_cast<int>(std::ranges::count_if(nodes, [](cudaGraphNode_t node) {
    cudaGraphNodeType type;
    check(cudaGraphNodeGetType(node, &type), "cudaGraphNodeGetType");
    return type == cudaGraphNodeTypeKernel;
  }));
}

template <class Submit>
int captured_kernels(const Stream& stream, const Submit& submit) {
  check(cudaStreamBeginCapture(stream.get(), cudaStreamCaptureModeThreadLocal),
        "cudaStreamBeginCapture");
  submit(stream.get());
  cudaGraph_t graph = nullptr;
  check(cudaStreamEndCapture(stream.get(), &graph), "cudaStreamEndCapture");
  const int kernels = kernel_nodes(graph);
  check(cudaGraphDestroy(graph), "cudaGraphDestroy");
  return kernels;
}

}  // namespace

KernelCount count_kernels(const LearnerConfig& config, const Stream& stream) {
  const AgentMemory memory(config);
  const DeviceState& d = memory.device();
  return {captured_kernels(stream,
                           [&](cudaStream_t s) {
                             launch_gradients(d, {}, s);
                             launch_update(d, s);
                           }),
          captured_kernels(stream, [&](cudaStream_t s) { launch_rollout(d, 1, false, s); })};
}

}  // namespace sac
