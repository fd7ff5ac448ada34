// Limits of the device that is simulated: an H100's, but for what Options say.
#pragma once

#include <cstddef>

#include "simt/inspect.h"

namespace simt {

inline constexpr int kMultiprocessors = 132;
inline constexpr int kThreadsPerBlock = 1024;
inline constexpr int kThreadsPerMultiprocessor = 2048;
inline constexpr int kBlocksPerMultiprocessor = 32;
inline constexpr size_t kSharedBytes = 48 * 1024;  ///< without opting in
inline constexpr size_t kReservedSharedBytes = 1024;  ///< per block

/// With opting in.
inline size_t shared_bytes_of_block() {
  return options().shared_bytes;
}
inline size_t shared_bytes_of_multiprocessor() {
  return options().shared_bytes + kReservedSharedBytes;
}

}  // namespace simt
