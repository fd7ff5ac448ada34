// How long work takes on the GPU, by CUDA events.
#pragma once

#include <cuda_runtime.h>

#include <functional>
#include <vector>

#include "bench/samples.h"
#include "host/cuda/device_memory.h"
#include "host/cuda/stream.h"

namespace sac::bench {

/// Submits work to the stopwatch's stream; may be captured into a graph. Called many times.
using Submit = std::function<void()>;

/// An event with a time. Not copyable.
class Event {
 public:
  Event() { check(cudaEventCreate(&event_), "cudaEventCreate"); }
  ~Event() { cudaEventDestroy(event_); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  void record(const cuda::Stream& stream) const {
    check(cudaEventRecord(event_, stream.get()), "cudaEventRecord");
  }

  /// Microseconds from `begin` to this event, both over.
  double micros_since(const Event& begin) const {
    float milliseconds = 0;
    check(cudaEventElapsedTime(&milliseconds, begin.event_, event_), "cudaEventElapsedTime");
    return 1e3 * static_cast<double>(milliseconds);
  }

 private:
  cudaEvent_t event_ = nullptr;
};

/// How thoroughly to measure.
struct Effort {
  int hot_samples, cold_samples;
  double sample_micros;  ///< a hot sample repeats short work until it takes about as long
};

class Stopwatch {
 public:
  /// Takes device memory of twice the L2 cache, to flush it with. Throws CudaError.
  explicit Stopwatch(const Effort& effort);

  /// Microseconds of one submit() in a graph of many: caches as the previous one left them, graph
  /// node included. Warmed up.
  Samples hot(const Submit& submit) const;

  /// Microseconds of one submit() launched alone, after L2 was filled with something else. The
  /// launch and the events' own time, a few microseconds, are included.
  Samples cold(const Submit& submit) const;

  const cuda::Stream& stream() const { return stream_; }

 private:
  template <class Work>
  double micros_of(const Work& work) const;

  const Effort effort_;
  const cuda::Stream stream_;
  const Event begin_, end_;
  const cuda::DeviceArray<char> flush_;
};

}  // namespace sac::bench
