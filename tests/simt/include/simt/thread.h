// What a thread knows of itself, its dynamic shared memory, and the barriers of its block.
#pragma once

#include "simt/vector_types.h"

// The index registers of the thread that runs.
extern constinit thread_local uint3 threadIdx, blockIdx;
extern constinit thread_local dim3 blockDim, gridDim;

namespace simt {

/// The dynamic shared memory of the block, 128-byte aligned. nvcc declares it as
/// `extern __shared__`; sources for both have one function that returns either.
void* dynamic_shared();

/// Bytes of dynamic shared memory of the running launch.
unsigned dynamic_shared_bytes();

namespace detail {

/// Waits for the whole block; returns how many threads gave a true predicate.
int block_barrier(bool predicate, const char* file, int line);

}  // namespace detail
}  // namespace simt

inline constexpr int warpSize = 32;

inline void __syncthreads(const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
  simt::detail::block_barrier(false, file, line);
}
inline int __syncthreads_count(int predicate, const char* file = __builtin_FILE(),
                               int line = __builtin_LINE()) {
  return simt::detail::block_barrier(predicate != 0, file, line);
}
inline int __syncthreads_or(int predicate, const char* file = __builtin_FILE(),
                            int line = __builtin_LINE()) {
  return simt::detail::block_barrier(predicate != 0, file, line) != 0;
}
inline int __syncthreads_and(int predicate, const char* file = __builtin_FILE(),
                             int line = __builtin_LINE()) {
  return simt::detail::block_barrier(predicate == 0, file, line) == 0;
}

/// Stops the launch with a report.
[[noreturn]] void __trap();

// One block's threads take turns on one host thread: their writes are seen in order anyway.
inline void __threadfence_block() {}
inline void __threadfence() {}
inline void __threadfence_system() {}

// Programmatic dependent launch: here a kernel starts when its predecessors have ended.
inline void cudaGridDependencySynchronize() {}
inline void cudaTriggerProgrammaticLaunchCompletion() {}
