// Streams and events. All streams share one queue in submission order, which every wait empties.
#include <functional>
#include <memory>
#include <utility>

#include "runtime_state.h"
#include "simt/library.h"

namespace {

using simt::EventState;
using simt::Runtime;

/// A wait of the host: impossible while a capture is under way, otherwise runs everything.
cudaError_t wait_for_all() {
  Runtime& runtime = Runtime::instance();
  return runtime.call([&] {
    const cudaError_t refused = runtime.refuse_during_capture(true);
    return refused != cudaSuccess ? refused : runtime.finish();
  });
}

}  // namespace

cudaError_t cudaStreamCreate(cudaStream_t* stream) {
  return cudaStreamCreateWithFlags(stream, cudaStreamDefault);
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned flags) {
  return Runtime::instance().call([&] {
    *stream = new CUstream_st;
    (*stream)->blocking = (flags & cudaStreamNonBlocking) == 0;
    return cudaSuccess;
  });
}

cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  return Runtime::instance().call([&] {
    if (!stream || stream->capture) return cudaErrorInvalidResourceHandle;
    delete stream;  // work that it submitted does not refer to it
    return cudaSuccess;
  });
}

cudaError_t cudaStreamSynchronize(cudaStream_t) {
  return wait_for_all();
}

cudaError_t cudaStreamQuery(cudaStream_t) {
  return wait_for_all();
}

cudaError_t cudaLaunchHostFunc(cudaStream_t stream, void (*function)(void*), void* argument) {
  Runtime& runtime = Runtime::instance();
  return runtime.call([&] {
    return runtime.submit(stream, {cudaGraphNodeTypeHost, [=] {
                                     function(argument);
                                     return cudaSuccess;
                                   }});
  });
}

cudaError_t simt::submit(cudaStream_t stream, std::function<void()> work) {
  Runtime& runtime = Runtime::instance();
  return runtime.call([&] {
    return runtime.submit(stream, {cudaGraphNodeTypeKernel, [work = std::move(work)] {
                                     work();
                                     return cudaSuccess;
                                   }});
  });
}

cudaError_t cudaEventCreate(cudaEvent_t* event) {
  return cudaEventCreateWithFlags(event, cudaEventDefault);
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned flags) {
  return Runtime::instance().call([&] {
    *event = new CUevent_st;
    (*event)->timed = (flags & cudaEventDisableTiming) == 0;
    return cudaSuccess;
  });
}

cudaError_t cudaEventDestroy(cudaEvent_t event) {
  return Runtime::instance().call([&] {
    if (!event) return cudaErrorInvalidResourceHandle;
    delete event;
    return cudaSuccess;
  });
}

cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
  Runtime& runtime = Runtime::instance();
  return runtime.call([&] {
    if (!event) return cudaErrorInvalidResourceHandle;
    event->capture = stream ? stream->capture : nullptr;
    event->stream = stream;
    if (event->capture) {  // in a graph it is an edge, not work
      event->captured_work = stream->captured_work;
      return cudaSuccess;
    }
    event->state->pending = true;
    const std::shared_ptr<EventState> state = event->state;
    return runtime.submit(stream, {cudaGraphNodeTypeEventRecord, [state] {
                                     state->pending = false;
                                     state->when = std::chrono::steady_clock::now();
                                     return cudaSuccess;
                                   }});
  });
}

cudaError_t cudaEventSynchronize(cudaEvent_t) {
  return wait_for_all();
}

cudaError_t cudaEventQuery(cudaEvent_t) {
  return wait_for_all();
}

cudaError_t cudaEventElapsedTime(float* milliseconds, cudaEvent_t start, cudaEvent_t end) {
  return Runtime::instance().call([&] {
    if (!start || !end || !start->timed || !end->timed) return cudaErrorInvalidResourceHandle;
    const EventState &from = *start->state, &to = *end->state;
    if (from.pending || to.pending) return cudaErrorNotReady;
    if (from.when == EventState().when || to.when == EventState().when) {
      return cudaErrorInvalidResourceHandle;  // never recorded
    }
    *milliseconds = std::chrono::duration<float, std::milli>(to.when - from.when).count();
    return cudaSuccess;
  });
}

cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned) {
  return Runtime::instance().call([&] {
    if (!event) return cudaErrorInvalidResourceHandle;
    const auto& capture = event->capture;
    if (!capture) return cudaSuccess;  // submission order is enough
    if (!stream || (stream->capture && stream->capture != capture)) {
      return cudaErrorStreamCaptureUnsupported;
    }
    if (!stream->capture) {
      stream->capture = capture;
      capture->streams.push_back(stream);
    }
    if (stream == event->stream) return cudaSuccess;
    ++stream->captured_work;
    event->stream->joined_work = event->captured_work;
    return cudaSuccess;
  });
}
