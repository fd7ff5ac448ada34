// SAC_HD marks a function that both sides call: nvcc compiles it for host and device, a plain
// C++ compiler sees an ordinary function.
#pragma once

#ifdef __CUDACC__
#define SAC_HD __host__ __device__
#else
#define SAC_HD
#endif
