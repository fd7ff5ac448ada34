#include "host/cpu/policy_rows.h"

#include <algorithm>
#include <cmath>

namespace sac::cpu {

template <class Arithmetic>
PolicyRows<Arithmetic>::PolicyRows(int rows, const Shape& s)
    : shape_(s),
      forward_(rows, s.hidden),
      h1_(rows * s.hidden),
      obs_(rows * (s.obs + 1)),
      h2_(rows * s.hidden),
      heads_(rows * 2 * s.act),
      actions_(rows * s.act) {
  obs_.fill(1);
  for (Buffer<T>* b : {&mean_, &log_std_, &noise_}) {
    *b = Buffer<T>(TanhGaussianArray<T>::padded(rows * s.act));
    b->fill(0);
  }
}

template <class Arithmetic>
void PolicyRows<Arithmetic>::run_policy(const Weights& pi, const StepConstants<T>& c) {
  forward_.run(pi, {obs_.data(), nullptr}, h1_.data(), h2_.data(), heads_.data());
  split_heads(heads_.data(), rows(), shape_.act, c.log_std_low, c.log_std_high, mean_.data(),
              log_std_.data());
}

template <class Arithmetic>
void PolicyRows<Arithmetic>::act_at_random(RandomKey key, const StepConstants<T>& c,
                                           int64_t first_env, uint64_t vector_step) {
  const uint32_t first = static_cast<uint32_t>(first_env * shape_.act);
  const uint32_t end = first + rows() * shape_.act;
  for (uint32_t block = first / 4; 4 * block < end; ++block) {
    const RandomBlock words = random_block(key, Purpose::warm_up, block, vector_step);
    for (uint32_t e = std::max(4 * block, first); e < std::min(4 * block + 4, end); ++e) {
      actions_.action[e - first] = c.max_action * (2 * uniform01<T>(words.word[e % 4]) - 1);
    }
  }
}

template <class Arithmetic>
void PolicyRows<Arithmetic>::sample(const Weights& pi, RandomKey key, Purpose purpose,
                                    const StepConstants<T>& c, int64_t first_env,
                                    uint64_t vector_step) {
  run_policy(pi, c);
  fill_normals(key, purpose, vector_step, static_cast<uint32_t>(first_env * shape_.act),
               rows() * shape_.act, noise_.data());
  actions_.sample(mean_.data(), log_std_.data(), noise_.data(), rows() * shape_.act, c.max_action);
}

template <class Arithmetic>
void PolicyRows<Arithmetic>::exploit(const Weights& pi, const StepConstants<T>& c) {
  run_policy(pi, c);
  for (int i = 0; i < rows() * shape_.act; ++i) {
    actions_.action[i] = c.max_action * std::tanh(mean_[i]);
  }
}

template class PolicyRows<Float64>;
template class PolicyRows<Float32>;
template class PolicyRows<Bf16>;
template class PolicyRows<Bf16InFloat>;

}  // namespace sac::cpu
