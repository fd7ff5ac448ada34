// Noise and tanh-Gaussian samples for many elements at once, 16 lanes at a time. T is float or
// double.
#pragma once

#include <algorithm>

#include "host/cpu/buffer.h"
#include "kernels/layout.h"
#include "kernels/random.h"

namespace sac::cpu {

/// Standard normals of elements [begin, begin + count) into out: random_normal, vectorised.
template <class T>
void fill_normals(RandomKey key, Purpose purpose, uint64_t step, uint32_t begin, int count, T* out);

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
  void sample(const T* mean, const T* log_std, const T* noise, int count, T max_action);

  /// Gradient of weight * (alpha * log_prob + action_gradient * action) into d_mean, d_log_std.
  void gradient(const T* action_gradient, int count, T weight, T alpha, T max_action, T* d_mean,
                T* d_log_std) const;

  /// log pi(a|s) of a sample: the sum over the action's `act` dimensions.
  T log_prob_of(int sample, int act) const {
    const T* each = &log_prob[sample * act];
    T sum = each[0];
    for (int d = 1; d < act; ++d) sum += each[d];
    return sum;
  }

  Buffer<T> action, log_prob, tanh_u, std_noise;
};

}  // namespace sac::cpu
