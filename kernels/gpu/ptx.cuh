// PTX instructions as thin wrappers; a compiler other than nvcc gets the emulation that its
// <cuda_runtime.h> brings along.
#pragma once

#include <cuda_runtime.h>

namespace sac {

/// threadIdx.x, read anew: the compiler cannot share what follows from it (rows, columns,
/// addresses) between the phases of a kernel, which would keep it all in registers throughout.
__device__ inline int fresh_thread_index() {
#ifdef __CUDACC__
  int index;
  asm volatile("mov.u32 %0, %%tid.x;" : "=r"(index));
  __builtin_assume(index >= 0 && index < 1024);  // or / and % are those of signed numbers
  return index;
#else
  return static_cast<int>(threadIdx.x);
#endif
}

/// Starts copying 16 bytes from global to shared memory; both addresses are multiples of 16. The
/// data is there, for the calling thread alone, after cp_async_wait.
__device__ inline void cp_async_16(void* shared, const void* global) {
#ifdef __CUDACC__
  const unsigned address = static_cast<unsigned>(__cvta_generic_to_shared(shared));
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(address), "l"(global) : "memory");
#else
  simt::cp_async_16(shared, global);
#endif
}

/// The same where `there` is true; otherwise the 16 bytes become zero and `global` is not read.
__device__ inline void cp_async_16_or_zero(void* shared, const void* global, bool there) {
#ifdef __CUDACC__
  const unsigned address = static_cast<unsigned>(__cvta_generic_to_shared(shared));
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(address), "l"(global),
               "r"(there ? 16 : 0)
               : "memory");
#else
  simt::cp_async_16_zfill(shared, global, there);
#endif
}

/// Closes the group of copies that the calling thread started since the last commit.
__device__ inline void cp_async_commit() {
#ifdef __CUDACC__
  asm volatile("cp.async.commit_group;" ::: "memory");
#else
  simt::cp_async_commit();
#endif
}

/// Waits until at most kPending of the calling thread's groups are still under way.
template <int kPending>
__device__ inline void cp_async_wait() {
#ifdef __CUDACC__
  asm volatile("cp.async.wait_group %0;" ::"n"(kPending) : "memory");
#else
  simt::cp_async_wait(kPending);
#endif
}

}  // namespace sac
