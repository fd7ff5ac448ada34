// The allowed range of every number that a user may give, on the command line or in a file.
#pragma once

#include <cstdint>

#include "host/base/parse_number.h"

namespace sac {

/// What a user may ask for. The bounds on envs, batch and episodes keep the random numbers'
/// 32-bit elements (kernels/random.h) from wrapping; the memory is checked apart.
namespace allowed {
inline constexpr int64_t kMany = 1'000'000'000'000'000;
inline constexpr Range<int64_t> envs{1, 1 << 24};
inline constexpr Range<int> agents{1, 4096};
inline constexpr Range<int> threads{1, 1024};
inline constexpr Range<uint64_t> seed{0, UINT64_MAX};
inline constexpr Range<int> hidden{1, 4096};
inline constexpr Range<int> batch{1, 1 << 20};
inline constexpr Range<int> updates_per_step{1, 1'000'000};
inline constexpr Range<int64_t> replay_size{1, UINT32_MAX};
inline constexpr Range<int64_t> warmup{0, kMany};
inline constexpr Range<double> learning_rate{0, 1, true};
inline constexpr Range<double> gamma{0, 1};
inline constexpr Range<double> tau{0, 1, true};
inline constexpr Range<double> reward_scale{0, 1e6, true};
inline constexpr Range<double> alpha{0, 1e6, true};
inline constexpr Range<double> target_entropy{-1e3, 1e3};
inline constexpr Range<int64_t> count{1, kMany};  ///< steps, updates
inline constexpr Range<int> episodes{1, 1 << 24};
inline constexpr Range<double> target_return{-1e9, 1e9};
inline constexpr Range<double> seconds{0, 1e9, true};
inline constexpr Range<double> save_every{0, 1e9};
}  // namespace allowed

}  // namespace sac
