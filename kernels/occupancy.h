// What every kernel is compiled for: 512 threads on an SM, in as many blocks as that takes.
#pragma once

#include <cstddef>

namespace sac {

inline constexpr int kThreadsPerSm = 512;
inline constexpr int kRegistersPerSm = 65536;                            ///< sm_80 to sm_90
inline constexpr int kRegisterBudget = kRegistersPerSm / kThreadsPerSm;  ///< per thread

/// Blocks of a kernel that share an SM: the second argument of its launch bounds.
constexpr int blocks_per_sm(int threads) {
  return kThreadsPerSm / threads;
}

/// A block may not use more: what an sm_86 or sm_89 gives it, the least since sm_80.
inline constexpr size_t kSharedBytesPerBlock = 99 * 1024;

/// What one kernel was written to need; tests compare it with what the compiler reports.
struct KernelBudget {
  const char* source;  ///< its file, without directory: "gradients.cu"
  int hidden;
  int threads;
  size_t shared_bytes;
};

}  // namespace sac
