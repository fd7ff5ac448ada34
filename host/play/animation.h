// A policy played into an animated picture.
#pragma once

#include <cstdint>
#include <string>

#include "host/cpu/mean_policy.h"

namespace sac::play {

enum class Format { gif, webp };

/// The bytes of an animation of one episode at real speed, or of its first `seconds`: the first
/// episode of `evaluate --seed`. Throws UsageError if there is no picture of the task.
std::string animation(Format format, int environment, cpu::MeanPolicy& policy, uint64_t seed,
                      double seconds);

}  // namespace sac::play
