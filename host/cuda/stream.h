// Streams and graphs that destroy themselves.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>
#include <cstdint>
#include <utility>

#include "kernels/gpu/cuda_error.h"

namespace sac::cuda {

/// A stream whose work is ordered with the synchronous copies of DeviceArray, which use the default
/// stream. Not copyable.
class Stream {
 public:
  Stream() { check(cudaStreamCreate(&stream_), "cudaStreamCreate"); }
  ~Stream() { cudaStreamDestroy(stream_); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  cudaStream_t get() const { return stream_; }

  /// Waits for all submitted work; throws CudaError if any of it failed.
  void synchronise() const { check(cudaStreamSynchronize(stream_), "cudaStreamSynchronize"); }

 private:
  cudaStream_t stream_ = nullptr;
};

/// Work captured once, to be replayed. Movable.
class Graph {
 public:
  Graph() = default;

  /// Captures what submit() launches on the stream; nothing runs. Throws CudaError.
  template <class Submit>
  Graph(const Stream& stream, const Submit& submit) {
    check(cudaStreamBeginCapture(stream.get(), cudaStreamCaptureModeThreadLocal),
          "cudaStreamBeginCapture");
    cudaGraph_t graph = nullptr;
    try {
      submit();
    } catch (...) {
      cudaStreamEndCapture(stream.get(), &graph);
      if (graph != nullptr) cudaGraphDestroy(graph);
      throw;
    }
    check(cudaStreamEndCapture(stream.get(), &graph), "cudaStreamEndCapture");
    cudaError_t result = cudaGraphGetNodes(graph, nullptr, &nodes_);
    if (result == cudaSuccess) result = cudaGraphInstantiate(&executable_, graph, 0);
    cudaGraphDestroy(graph);
    check(result, "cudaGraphInstantiate");
  }
  ~Graph() {
    if (executable_ != nullptr) cudaGraphExecDestroy(executable_);
  }
  Graph(Graph&& other) noexcept
      : executable_(std::exchange(other.executable_, nullptr)), nodes_(other.nodes_) {}
  Graph& operator=(Graph&& other) noexcept {
    std::swap(executable_, other.executable_);
    std::swap(nodes_, other.nodes_);
    return *this;
  }

  bool captured() const { return executable_ != nullptr; }

  /// Kernels and copies of one launch.
  int64_t nodes() const { return nodes_; }

  /// Submits the captured work to the stream.
  void launch(const Stream& stream) const {
    check(cudaGraphLaunch(executable_, stream.get()), "cudaGraphLaunch");
  }

 private:
  cudaGraphExec_t executable_ = nullptr;
  size_t nodes_ = 0;
};

}  // namespace sac::cuda
