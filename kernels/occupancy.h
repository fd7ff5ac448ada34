// What every kernel is compiled for: 512 threads on an SM, in as many blocks as that takes, which
// leaves a thread 128 registers; the narrowest tiles have 32 threads and stop at 8 blocks.
#pragma once

#include <algorithm>
#include <cstddef>

namespace sac {

inline constexpr int kThreadsPerSm = 512;
inline constexpr int kRegistersPerSm = 65536;  ///< sm_80 to sm_90

/// Blocks of a kernel that share an SM: the second argument of its launch bounds.
constexpr int blocks_per_sm(int threads) {
  return std::min(8, kThreadsPerSm / threads);
}

/// Registers per thread that this leaves.
constexpr int register_budget(int threads) {
  return std::min(255, kRegistersPerSm / (threads * blocks_per_sm(threads)));
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
