// Noise and tanh-Gaussian samples for many elements at once, 16 lanes at a time.
#pragma once

#include <algorithm>

#include "host/cpu/buffer.h"
#include "host/cpu/lanes.h"
#include "kernels/layout.h"
#include "kernels/random.h"
#include "kernels/sac/tanh_gaussian.h"

namespace sac::cpu {

/// Standard normals of elements [begin, begin + count) into out: random_normal, vectorised.
template <class T>
void fill_normals(RandomKey key, Purpose purpose, uint64_t step, uint32_t begin, int count,
                  T* out) {
  constexpr uint32_t kElements = 32;  // 8 Philox blocks, 16 pairs
  const uint32_t end = begin + count;
  for (uint32_t first = begin / 4 * 4; first < end; first += kElements) {
    Lanes<T> u1, u2;
    for (uint32_t block = 0; block < kElements / 4; ++block) {
      const RandomBlock words = random_block(key, purpose, first / 4 + block, step);
      for (int half = 0; half < 2; ++half) {
        const Eigen::Index pair = 2 * block + half;
        u1[pair] = uniform01<T>(words.word[2 * half]);
        u2[pair] = uniform01<T>(words.word[2 * half + 1]);
      }
    }
    const NormalPair<Lanes<T>> normals = box_muller(u1, u2);
    const uint32_t last = std::min(first + kElements, end);
    for (uint32_t e = std::max(first, begin); e < last; ++e) {
      const Eigen::Index pair = (e - first) / 2;
      out[e - begin] = e % 2 == 0 ? normals.first[pair] : normals.second[pair];
    }
  }
}

/// The policy's heads [rows, 2A] as mean [rows, A] and clamped log-std [rows, A].
template <class T>
void split_heads(const T* heads, int rows, int act, T low, T high, T* mean, T* log_std) {
  for (int i = 0; i < rows * act; ++i) {
    const T* row = heads + i / act * 2 * act;
    mean[i] = row[i % act];
    log_std[i] = clamp_log_std(row[act + i % act], low, high);
  }
}

/// Samples of up to `capacity` elements (rows times action dimensions). Arrays are padded to whole
/// vectors; what lies beyond `count` is computed and ignored.
template <class T>
class TanhGaussianArray {
 public:
  explicit TanhGaussianArray(int capacity)
      : action(padded(capacity)),
        log_prob(padded(capacity)),
        tanh_u(padded(capacity)),
        std_noise(padded(capacity)) {}

  static size_t padded(int count) { return aligned(count); }

  /// Inputs hold padded(count) elements; log_std is already clamped.
  void sample(const T* mean, const T* log_std, const T* noise, int count, T max_action) {
    for (size_t i = 0; i < padded(count); i += 16) {
      const TanhGaussianSample<Lanes<T>> s = tanh_gaussian_sample<Lanes<T>, T>(
          load<16>(mean + i), load<16>(log_std + i), load<16>(noise + i), max_action);
      store_to<16>(&action[i]) = s.action;
      store_to<16>(&log_prob[i]) = s.log_prob;
      store_to<16>(&tanh_u[i]) = s.tanh_u;
      store_to<16>(&std_noise[i]) = s.std_noise;
    }
  }

  /// Gradient of weight * (log_prob + action_gradient * action) into d_mean, d_log_std.
  void gradient(const T* action_gradient, int count, T weight, T max_action, T* d_mean,
                T* d_log_std) const {
    for (size_t i = 0; i < padded(count); i += 16) {
      const TanhGaussianSample<Lanes<T>> s{load<16>(&action[i]), load<16>(&log_prob[i]),
                                           load<16>(&tanh_u[i]), load<16>(&std_noise[i])};
      const TanhGaussianGradient<Lanes<T>> g =
          tanh_gaussian_gradient<Lanes<T>, T>(s, load<16>(action_gradient + i), weight, max_action);
      store_to<16>(d_mean + i) = g.mean;
      store_to<16>(d_log_std + i) = g.log_std;
    }
  }

  Buffer<T> action, log_prob, tanh_u, std_noise;
};

}  // namespace sac::cpu
