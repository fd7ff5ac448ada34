// Stream capture and graphs: recorded closures, which hold kernel arguments by value.
#include <algorithm>
#include <memory>
#include <vector>

#include "runtime_state.h"

struct CUgraphNode_st {
  simt::Operation operation;
};

struct CUgraph_st {
  std::vector<std::unique_ptr<CUgraphNode_st>> nodes;
};

struct CUgraphExec_st {
  std::vector<simt::Operation> operations;
};

namespace {

using simt::Capture;
using simt::Runtime;

cudaError_t error_at_end(const Capture& capture) {
  if (capture.invalid) return cudaErrorStreamCaptureInvalidated;
  const auto joined = [&](cudaStream_t stream) {
    return stream == capture.origin || stream->joined_work == stream->captured_work;
  };
  const bool all = std::all_of(capture.streams.begin(), capture.streams.end(), joined);
  return all ? cudaSuccess : cudaErrorStreamCaptureUnjoined;
}

}  // namespace

cudaError_t cudaStreamBeginCapture(cudaStream_t stream, cudaStreamCaptureMode mode) {
  Runtime& runtime = Runtime::instance();
  return runtime.call([&] {
    if (!stream) return cudaErrorStreamCaptureUnsupported;
    if (stream->capture) return cudaErrorIllegalState;
    stream->capture = std::make_shared<Capture>();
    stream->capture->origin = stream;
    stream->capture->mode = mode;
    stream->capture->streams = {stream};
    runtime.captures.push_back(stream->capture);
    return cudaSuccess;
  });
}

cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t* graph) {
  Runtime& runtime = Runtime::instance();
  return runtime.call([&] {
    *graph = nullptr;
    if (!stream || !stream->capture) return cudaErrorIllegalState;
    const std::shared_ptr<Capture> capture = stream->capture;
    if (capture->origin != stream) return cudaErrorStreamCaptureUnmatched;
    const cudaError_t error = error_at_end(*capture);
    std::erase(runtime.captures, capture);
    for (cudaStream_t each : capture->streams) {
      each->capture = nullptr;
      each->captured_work = each->joined_work = 0;
    }
    if (error != cudaSuccess) return error;
    auto result = std::make_unique<CUgraph_st>();
    for (simt::Operation& operation : capture->operations) {
      result->nodes.emplace_back(new CUgraphNode_st{std::move(operation)});
    }
    *graph = result.release();
    return cudaSuccess;
  });
}

cudaError_t cudaStreamIsCapturing(cudaStream_t stream, cudaStreamCaptureStatus* status) {
  return Runtime::instance().call([&] {
    *status = cudaStreamCaptureStatusNone;
    if (stream && stream->capture) {
      *status = stream->capture->invalid ? cudaStreamCaptureStatusInvalidated
                                         : cudaStreamCaptureStatusActive;
    }
    return cudaSuccess;
  });
}

cudaError_t cudaGraphInstantiate(cudaGraphExec_t* executable, cudaGraph_t graph,
                                 unsigned long long) {
  return Runtime::instance().call([&] {
    if (!graph) return cudaErrorInvalidValue;
    auto result = std::make_unique<CUgraphExec_st>();
    for (const auto& node : graph->nodes) result->operations.push_back(node->operation);
    *executable = result.release();
    return cudaSuccess;
  });
}

cudaError_t cudaGraphLaunch(cudaGraphExec_t executable, cudaStream_t stream) {
  Runtime& runtime = Runtime::instance();
  return runtime.call([&] {
    if (!executable) return cudaErrorInvalidValue;
    for (const simt::Operation& operation : executable->operations) {
      const cudaError_t error = runtime.submit(stream, operation);
      if (error != cudaSuccess) return error;
    }
    return cudaSuccess;
  });
}

cudaError_t cudaGraphUpload(cudaGraphExec_t executable, cudaStream_t) {
  return executable ? cudaSuccess : cudaErrorInvalidValue;
}

cudaError_t cudaGraphExecDestroy(cudaGraphExec_t executable) {
  return Runtime::instance().call([&] {
    if (!executable) return cudaErrorInvalidValue;
    delete executable;
    return cudaSuccess;
  });
}

cudaError_t cudaGraphDestroy(cudaGraph_t graph) {
  return Runtime::instance().call([&] {
    if (!graph) return cudaErrorInvalidValue;
    delete graph;
    return cudaSuccess;
  });
}

cudaError_t cudaGraphGetNodes(cudaGraph_t graph, cudaGraphNode_t* nodes, size_t* count) {
  return Runtime::instance().call([&] {
    if (!graph) return cudaErrorInvalidValue;
    if (nodes) {
      *count = std::min(*count, graph->nodes.size());
      for (size_t i = 0; i < *count; ++i) nodes[i] = graph->nodes[i].get();
    } else {
      *count = graph->nodes.size();
    }
    return cudaSuccess;
  });
}

cudaError_t cudaGraphNodeGetType(cudaGraphNode_t node, cudaGraphNodeType* type) {
  return Runtime::instance().call([&] {
    if (!node) return cudaErrorInvalidValue;
    *type = node->operation.type;
    return cudaSuccess;
  });
}
