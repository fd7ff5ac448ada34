// Counter-based random numbers: a draw is a pure function of (seed, agent, purpose, element, step).
//
// Philox4x32-10 (Salmon et al. 2011) turns a 128-bit counter and a 64-bit key into four random
// words. The key is seed + agent, so agent p of a run with seed s draws what a single agent with
// seed s + p draws. The counter is laid out here once, for host and device:
//
//   counter = { element / 4, purpose, low 32 bits of step, high 32 bits of step }
//
// and word element % 4 of the block belongs to the element. Host and device draw the same bits:
// Random123 on the host, cuRAND's device Philox inside kernels (tests/kernels/random_test.cpp).
#pragma once

#include <cmath>
#include <cstdint>

#include "kernels/host_device.h"
#include "kernels/math.h"
#include "kernels/purpose.h"

#ifdef __CUDACC__
#define QUALIFIERS static __inline__ __host__ __device__
#include <curand_philox4x32_x.h>
#else
#include <Random123/philox.h>
#endif

namespace sac {

/// Four random words: one Philox block.
struct RandomBlock {
  uint32_t word[4];
};

/// One agent's stream. `key` is seed + agent.
struct RandomKey {
  uint64_t key;
};

/// Block `block` (elements 4 block .. 4 block + 3) of the draws for `purpose` at `step`.
SAC_HD inline RandomBlock random_block(RandomKey key, Purpose purpose, uint32_t block,
                                       uint64_t step) {
  const uint32_t key_lo = static_cast<uint32_t>(key.key), key_hi = key.key >> 32;
  const uint32_t step_lo = static_cast<uint32_t>(step), step_hi = step >> 32;
#ifdef __CUDACC__
  const uint4 words =
      curand_Philox4x32_10(make_uint4(block, static_cast<uint32_t>(purpose), step_lo, step_hi),
                           make_uint2(key_lo, key_hi));
  return {{words.x, words.y, words.z, words.w}};
#else
  const r123::Philox4x32::ctr_type counter = {
      {block, static_cast<uint32_t>(purpose), step_lo, step_hi}};
  const r123::Philox4x32::key_type philox_key = {{key_lo, key_hi}};
  const r123::Philox4x32::ctr_type words = r123::Philox4x32()(counter, philox_key);
  return {{words[0], words[1], words[2], words[3]}};
#endif
}

/// The word of one element.
SAC_HD inline uint32_t random_word(RandomKey key, Purpose purpose, uint32_t element,
                                   uint64_t step) {
  const RandomBlock block = random_block(key, purpose, element / 4, step);
  // Selected, not indexed: a run-time index would put the block into a GPU thread's local memory.
  const uint32_t low = element % 2 == 0 ? block.word[0] : block.word[1];
  const uint32_t high = element % 2 == 0 ? block.word[2] : block.word[3];
  return element % 4 < 2 ? low : high;
}

/// Uniform in the open interval (0, 1): the centre of one of 2^23 equal cells, exact in float.
template <class T>
SAC_HD T uniform01(uint32_t word) {
  return static_cast<T>(word >> 9) * static_cast<T>(0x1p-23) + static_cast<T>(0x1p-24);
}

/// Uniform integer in [0, n) by multiply-shift; no value is off 1/n by more than 2^-32.
SAC_HD inline uint32_t uniform_below(uint32_t word, uint32_t n) {
  return static_cast<uint64_t>(word) * n >> 32;
}

/// Two independent standard normals from two uniforms in (0, 1) (Box and Muller 1958).
template <class T>
struct NormalPair {
  T first, second;
};

/// T may also be an array type with element-wise arithmetic and log, sqrt, sin, cos.
template <class T>
SAC_HD NormalPair<T> box_muller(const T& u1, const T& u2) {
  using std::log, std::sqrt;
  const T radius = sqrt(-2 * log(u1));
  const T angle = static_cast<float>(6.283185307179586) * u2;
  const SinCos<T> direction = sin_cos(angle);
  return {radius * direction.cos, radius * direction.sin};
}

/// The standard normal of one element: half of the pair its block holds for elements 2k, 2k + 1.
template <class T>
SAC_HD T random_normal(RandomKey key, Purpose purpose, uint32_t element, uint64_t step) {
  const RandomBlock block = random_block(key, purpose, element / 4, step);
  const bool first_pair = element % 4 < 2;
  const uint32_t word1 = first_pair ? block.word[0] : block.word[2];
  const uint32_t word2 = first_pair ? block.word[1] : block.word[3];
  const NormalPair<T> pair = box_muller(uniform01<T>(word1), uniform01<T>(word2));
  return element % 2 == 0 ? pair.first : pair.second;
}

/// Successive uniforms of one reset: element 16 * index, 16 * index + 1, ... (at most 16 draws).
template <class T>
class ResetDraws {
 public:
  SAC_HD ResetDraws(RandomKey key, Purpose purpose, uint32_t index, uint64_t step)
      : key_(key), purpose_(purpose), element_(16 * index), step_(step) {}

  /// The next draw, uniform in (low, high).
  SAC_HD T uniform(T low, T high) {
    return low + (high - low) * uniform01<T>(random_word(key_, purpose_, element_++, step_));
  }

 private:
  RandomKey key_;
  Purpose purpose_;
  uint32_t element_;
  uint64_t step_;
};

}  // namespace sac
