// Limits of the device that is simulated, an H100's.
#pragma once

#include <cstddef>

namespace simt {

inline constexpr int kMultiprocessors = 132;
inline constexpr int kThreadsPerBlock = 1024;
inline constexpr int kThreadsPerMultiprocessor = 2048;
inline constexpr int kBlocksPerMultiprocessor = 32;
inline constexpr size_t kSharedBytes = 48 * 1024;  ///< without opting in
inline constexpr size_t kSharedBytesOptIn = 227 * 1024;
inline constexpr size_t kSharedBytesPerMultiprocessor = 228 * 1024;
inline constexpr size_t kReservedSharedBytes = 1024;  ///< per block

}  // namespace simt
