// The state behind the runtime API: submitted work, captures, errors.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "simt/inspect.h"
#include "simt/runtime.h"

namespace simt {

/// One piece of stream work, or one node of a graph.
struct Operation {
  cudaGraphNodeType type;
  std::function<cudaError_t()> run;
};

/// What a stream capture has recorded so far.
struct Capture {
  cudaStream_t origin = nullptr;
  cudaStreamCaptureMode mode{};
  bool invalid = false;
  std::vector<Operation> operations;
  std::vector<cudaStream_t> streams;  ///< the origin and those that joined it
};

/// The host's view of an event; shared with the work that records it.
struct EventState {
  bool pending = false;
  std::chrono::steady_clock::time_point when{};
};

class Runtime {
 public:
  static Runtime& instance();

  /// The body of an API call: one call at a time, nothing after a failed launch, errors remembered.
  template <class F>
  cudaError_t call(F&& body) {
    const std::lock_guard lock(mutex_);
    if (failure_ != cudaSuccess) return failure_;
    const cudaError_t error = body();
    if (error != cudaSuccess) last_error_ = error;
    return error;
  }

  /// Appends to the stream's capture or to the submitted work.
  cudaError_t submit(cudaStream_t stream, Operation operation);

  /// Runs all submitted work. An error of it is final.
  cudaError_t finish();

  /// Calls that cannot be captured spoil captures that are under way.
  cudaError_t refuse_during_capture(bool even_relaxed);

  cudaError_t last_error(bool clear);
  void reset();

  Options options;
  std::map<const void*, int> shared_limits;  ///< of kernels, where set
  std::vector<std::shared_ptr<Capture>> captures;

 private:
  Runtime() : options(options_from_environment()) {}

  std::recursive_mutex mutex_;  // recursive: host functions in a stream may call in again
  std::deque<Operation> submitted_;
  cudaError_t failure_ = cudaSuccess;  // stays
  cudaError_t last_error_ = cudaSuccess;
};

}  // namespace simt

struct CUstream_st {
  bool blocking = true;  ///< waits for the legacy default stream
  std::shared_ptr<simt::Capture> capture;
  size_t captured_work = 0;  ///< how much it has captured
  size_t joined_work = 0;    ///< and how much of that another stream of the capture waits for
};

struct CUevent_st {
  std::shared_ptr<simt::EventState> state = std::make_shared<simt::EventState>();
  bool timed = true;
  std::shared_ptr<simt::Capture> capture;  ///< that the latest record belongs to
  cudaStream_t stream = nullptr;           ///< of the latest record
  size_t captured_work = 0;                ///< of that stream, at the record
};
