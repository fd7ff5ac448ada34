// bf16: the upper half of a float.
#pragma once

#include <bit>
#include <cstdint>

namespace sac {

/// x rounded to bf16 (7 bits of fraction, ties to even); NaN stays NaN.
inline uint16_t to_bf16(float x) {
  const uint32_t bits = std::bit_cast<uint32_t>(x);
  const uint32_t rounded = (bits + 0x7fffu + (bits >> 16 & 1u)) >> 16;
  const bool nan = (bits & 0x7fffffffu) > 0x7f800000u;
  return static_cast<uint16_t>(nan ? 0x7fffu : rounded);
}

/// The float that a bf16 number is.
inline float from_bf16(uint16_t x) {
  return std::bit_cast<float>(static_cast<uint32_t>(x) << 16);
}

}  // namespace sac
