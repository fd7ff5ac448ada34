// What every kernel is compiled for: 512 threads on an SM, in as many blocks as that takes, or as
// many as its shared memory leaves room for.
#pragma once

#include <algorithm>
#include <cstddef>

#include "kernels/precision.h"

namespace sac {

inline constexpr int kThreadsPerSm = 512;
inline constexpr int kRegistersPerSm = 65536;  ///< sm_80 to sm_90

/// Shared memory of a block: what every GPU since sm_80 gives it (sm_86 and sm_89 no more), and
/// what sm_90 does.
inline constexpr size_t kSharedBytesEverywhere = 99 * 1024;
inline constexpr size_t kSharedBytesAtMost = 227 * 1024;

/// What the system takes of an SM's shared memory for each block.
inline constexpr size_t kSystemSharedBytes = 1024;

/// Blocks of a kernel that share an SM: the second argument of its launch bounds.
constexpr int blocks_per_sm(int threads, size_t shared_bytes) {
  const int by_shared = static_cast<int>((kSharedBytesAtMost + kSystemSharedBytes) /
                                         (shared_bytes + kSystemSharedBytes));
  return std::min(kThreadsPerSm / threads, by_shared);
}

/// What one kernel was written to need; tests compare it with what the compiler reports.
struct KernelBudget {
  const char* source;  ///< its file, without directory: "gradients.cu"
  int hidden;
  Precision precision;
  int threads;
  int blocks;  ///< on an SM of sm_90
  size_t shared_bytes;
};

}  // namespace sac
