// Allocation, copies and fills.
#include <cstdint>
#include <cstring>
#include <string>

#include "arena.h"
#include "findings.h"
#include "runtime_state.h"
#include "shadow.h"

namespace {

using simt::Region;
using simt::Runtime;
using simt::Space;

cudaError_t allocate(void** pointer, size_t bytes, Space space) {
  Runtime& runtime = Runtime::instance();
  return runtime.call([&] {
    const cudaError_t refused = runtime.refuse_during_capture(false);
    if (refused != cudaSuccess) return refused;
    *pointer = nullptr;
    if (bytes == 0) return cudaSuccess;
    const Region* region = simt::arena().allocate(bytes, space);
    if (!region) return cudaErrorMemoryAllocation;
    *pointer = region->begin;
    return cudaSuccess;
  });
}

cudaError_t release(void* pointer, Space space) {
  Runtime& runtime = Runtime::instance();
  return runtime.call([&] {
    if (!pointer) return cudaSuccess;
    const cudaError_t refused = runtime.refuse_during_capture(false);
    if (refused != cudaSuccess) return refused;
    const cudaError_t error = runtime.finish();
    if (error != cudaSuccess) return error;
    Region* region = simt::arena().find(pointer);
    if (!region || region->begin != pointer || region->space != space) return cudaErrorInvalidValue;
    simt::arena().release(region);
    return cudaSuccess;
  });
}

/// What one side of a copy must be.
enum class Side { host, device, either };

Side source_side(cudaMemcpyKind kind) {
  if (kind == cudaMemcpyDefault) return Side::either;
  const bool device = kind == cudaMemcpyDeviceToHost || kind == cudaMemcpyDeviceToDevice;
  return device ? Side::device : Side::host;
}

Side target_side(cudaMemcpyKind kind) {
  if (kind == cudaMemcpyDefault) return Side::either;
  const bool device = kind == cudaMemcpyHostToDevice || kind == cudaMemcpyDeviceToDevice;
  return device ? Side::device : Side::host;
}

bool pageable(const void* pointer) {
  return !simt::arena().owns(pointer);
}

/// True if all bytes are where they should be; reports otherwise.
bool check(const char* call, const void* pointer, size_t bytes, Side side) {
  if (pageable(pointer) && side != Side::device) return true;
  const Region* region = simt::arena().find(pointer);
  const Space other = side == Side::host ? Space::device : Space::pinned;
  if (region && region->contains(pointer, bytes) &&
      (side == Side::either || region->space != other)) {
    return true;
  }
  const std::string message = std::string(call) + " of " + std::to_string(bytes) + " bytes: its " +
                              (side == Side::host ? "host" : "device") + " side is at " +
                              simt::arena().describe(pointer);
  simt::report(simt::Finding::out_of_bounds, std::nullopt, "", message);
  return false;
}

struct Copy {
  void* to;
  const void* from;
  size_t bytes;
  cudaMemcpyKind kind;

  bool valid() const {
    return check("cudaMemcpy", to, bytes, target_side(kind)) &&
           check("cudaMemcpy", from, bytes, source_side(kind));
  }

  cudaError_t run() const {
    if (!valid()) return cudaErrorIllegalAddress;
    std::memcpy(to, from, bytes);
    simt::copy_initialised(to, from, bytes);
    return cudaSuccess;
  }
};

}  // namespace

cudaError_t cudaMalloc(void** pointer, size_t bytes) {
  return allocate(pointer, bytes, Space::device);
}

cudaError_t cudaFree(void* pointer) {
  return release(pointer, Space::device);
}

cudaError_t cudaMallocHost(void** pointer, size_t bytes) {
  return allocate(pointer, bytes, Space::pinned);
}

cudaError_t cudaFreeHost(void* pointer) {
  return release(pointer, Space::pinned);
}

cudaError_t cudaMemcpy(void* to, const void* from, size_t bytes, cudaMemcpyKind kind) {
  Runtime& runtime = Runtime::instance();
  return runtime.call([&] {
    const cudaError_t refused = runtime.refuse_during_capture(true);
    if (refused != cudaSuccess) return refused;
    const Copy copy{to, from, bytes, kind};
    if (!copy.valid()) return cudaErrorInvalidValue;
    const cudaError_t error = runtime.finish();
    return error != cudaSuccess ? error : copy.run();
  });
}

cudaError_t cudaMemcpyAsync(void* to, const void* from, size_t bytes, cudaMemcpyKind kind,
                            cudaStream_t stream) {
  Runtime& runtime = Runtime::instance();
  return runtime.call([&] {
    const Copy copy{to, from, bytes, kind};
    if (!copy.valid()) return cudaErrorInvalidValue;
    const bool captured = stream && stream->capture;
    if (captured || !pageable(from)) {
      const cudaError_t error =
          runtime.submit(stream, {cudaGraphNodeTypeMemcpy, [copy] { return copy.run(); }});
      return error == cudaSuccess && !captured && pageable(to) ? runtime.finish() : error;
    }
    const auto* bytes_of_source = static_cast<const uint8_t*>(from);
    const std::vector<uint8_t> staged(bytes_of_source, bytes_of_source + bytes);
    return runtime.submit(stream, {cudaGraphNodeTypeMemcpy, [copy, staged] {
                                     Copy from_staged = copy;
                                     from_staged.from = staged.data();
                                     return from_staged.run();
                                   }});
  });
}

cudaError_t cudaMemset(void* to, int value, size_t bytes) {
  const cudaError_t error = cudaMemsetAsync(to, value, bytes, nullptr);
  return error != cudaSuccess ? error : cudaDeviceSynchronize();
}

cudaError_t cudaMemsetAsync(void* to, int value, size_t bytes, cudaStream_t stream) {
  Runtime& runtime = Runtime::instance();
  return runtime.call([&] {
    if (!check("cudaMemset", to, bytes, Side::device)) return cudaErrorInvalidValue;
    return runtime.submit(stream, {cudaGraphNodeTypeMemset, [=] {
                                     if (!check("cudaMemset", to, bytes, Side::device)) {
                                       return cudaErrorIllegalAddress;
                                     }
                                     std::memset(to, value, bytes);
                                     simt::mark_initialised(to, bytes);
                                     return cudaSuccess;
                                   }});
  });
}
