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
  for (int i = 0; i < rows() * shape_.act; ++i) {
    const uint32_t word = random_word(key, Purpose::warm_up, first + i, vector_step);
    actions_.action[i] = c.max_action * (2 * uniform01<T>(word) - 1);
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
