// The one way a kernel is launched.
#pragma once

#include <cuda_runtime.h>

#include <cstdint>
#include <type_traits>

#include "kernels/gpu/cuda_error.h"
#include "kernels/gpu/occupancy.h"

namespace sac {

/// Blocks of `per_block` that cover `count`, for each agent.
inline dim3 agent_grid(uint64_t count, uint64_t per_block, int agents) {
  return dim3(static_cast<unsigned>((count + per_block - 1) / per_block),
              static_cast<unsigned>(agents));
}

/// For kernels without shared memory.
struct NoShared {};

/// What a kernel with these traits was written to need.
template <class Traits>
KernelBudget budget(const char* source, int hidden, Precision precision,
                    size_t shared_bytes = sizeof(typename Traits::Shared)) {
  return {source, hidden, precision, Traits::kThreads, Traits::kBlocksPerSm, shared_bytes};
}

/// What a launch asks for.
struct LaunchShape {
  dim3 grid;
  int threads;          ///< of a block
  size_t shared_bytes;  ///< of a block, dynamic
};

/// Launches kernel(arguments...). `name` is used in errors. Throws CudaError.
template <class... Parameters>
void launch(const char* name, void (*kernel)(Parameters...), const LaunchShape& shape,
            cudaStream_t stream, std::type_identity_t<Parameters>... arguments) {
  const auto set = [&](cudaFuncAttribute attribute, int value) {
    check(cudaFuncSetAttribute(reinterpret_cast<const void*>(kernel), attribute, value), name);
  };
  if (shape.shared_bytes > 0) {
    // The same split of L1 and shared memory for all: changing it waits for the SM to be empty.
    set(cudaFuncAttributePreferredSharedMemoryCarveout, cudaSharedmemCarveoutMaxShared);
    set(cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(shape.shared_bytes));
  }
  cudaLaunchConfig_t config{};
  config.gridDim = shape.grid;
  config.blockDim = dim3(static_cast<unsigned>(shape.threads));
  config.dynamicSmemBytes = shape.shared_bytes;
  config.stream = stream;
  check(cudaLaunchKernelEx(&config, kernel, arguments...), name);
}

/// The same with a Shared struct as dynamic shared memory (see shared_storage).
template <class Shared, class... Parameters>
void launch(const char* name, void (*kernel)(Parameters...), dim3 grid, int threads,
            cudaStream_t stream, std::type_identity_t<Parameters>... arguments) {
  constexpr size_t kBytes = std::is_empty_v<Shared> ? 0 : sizeof(Shared);
  static_assert(kBytes <= kSharedBytesAtMost, "must fit on an sm_90");
  launch(name, kernel, {grid, threads, kBytes}, stream, arguments...);
}

}  // namespace sac
