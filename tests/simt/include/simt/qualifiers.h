// The words nvcc adds to C++. Most mean nothing to a host compiler.
#pragma once

#ifdef __SANITIZE_THREAD__
// Checked with g++: everything is inlined, as nvcc does, so that the linker cannot replace a
// kernel's function by one that another source compiled without checking.
#define __global__ __attribute__((flatten))
#else
#define __global__
#endif
#define __device__
#define __host__
#define __grid_constant__
#define __launch_bounds__(...)
#define __forceinline__ inline __attribute__((always_inline))
#define __align__(n) alignas(n)
