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
KernelBudget budget(const char* source, int hidden, Precision precision) {
  return {source,
          hidden,
          precision,
          Traits::kThreads,
          Traits::kBlocksPerSm,
          sizeof(typename Traits::Shared)};
}

/// Launches kernel(arguments...) on grid blocks of `threads` threads with a Shared struct as
/// dynamic shared memory (see shared_storage). `name` is used in errors. Throws CudaError.
template <class Shared, class... Parameters>
void launch(const char* name, void (*kernel)(Parameters...), dim3 grid, int threads,
            cudaStream_t stream, std::type_identity_t<Parameters>... arguments) {
  constexpr size_t kBytes = std::is_empty_v<Shared> ? 0 : sizeof(Shared);
  static_assert(kBytes <= kSharedBytesAtMost, "must fit on an sm_90");
  constexpr size_t kBytesWithoutOptIn = 48 * 1024;
  if (kBytes > kBytesWithoutOptIn) {
    check(
        cudaFuncSetAttribute(reinterpret_cast<const void*>(kernel),
                             cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(kBytes)),
        name);
  }
  cudaLaunchConfig_t config{};
  config.gridDim = grid;
  config.blockDim = dim3(static_cast<unsigned>(threads));
  config.dynamicSmemBytes = kBytes;
  config.stream = stream;
  check(cudaLaunchKernelEx(&config, kernel, arguments...), name);
}

}  // namespace sac
