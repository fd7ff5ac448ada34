#include "host/cpu/sampling.h"

#include "host/cpu/lanes.h"
#include "kernels/sac/tanh_gaussian.h"

namespace sac::cpu {

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

template <class T>
void TanhGaussianArray<T>::sample(const T* mean, const T* log_std, const T* noise, int count,
                                  T max_action) {
  for (size_t i = 0; i < padded(count); i += 16) {
    const TanhGaussianSample<Lanes<T>> s = tanh_gaussian_sample<Lanes<T>, T>(
        load<16>(mean + i), load<16>(log_std + i), load<16>(noise + i), max_action);
    store_to<16>(&action[i]) = s.action;
    store_to<16>(&log_prob[i]) = s.log_prob;
    store_to<16>(&tanh_u[i]) = s.tanh_u;
    store_to<16>(&std_noise[i]) = s.std_noise;
  }
}

template <class T>
void TanhGaussianArray<T>::gradient(const T* action_gradient, int count, T weight, T alpha,
                                    T max_action, T* d_mean, T* d_log_std) const {
  for (size_t i = 0; i < padded(count); i += 16) {
    const TanhGaussianSample<Lanes<T>> s{load<16>(&action[i]), load<16>(&log_prob[i]),
                                         load<16>(&tanh_u[i]), load<16>(&std_noise[i])};
    const TanhGaussianGradient<Lanes<T>> g = tanh_gaussian_gradient<Lanes<T>, T>(
        s, load<16>(action_gradient + i), weight, alpha, max_action);
    store_to<16>(d_mean + i) = g.mean;
    store_to<16>(d_log_std + i) = g.log_std;
  }
}

template void fill_normals(RandomKey, Purpose, uint64_t, uint32_t, int, float*);
template void fill_normals(RandomKey, Purpose, uint64_t, uint32_t, int, double*);
template class TanhGaussianArray<float>;
template class TanhGaussianArray<double>;

}  // namespace sac::cpu
