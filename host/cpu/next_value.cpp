#include "host/cpu/next_value.h"

#include <algorithm>

#include "kernels/sac/targets.h"

namespace sac::cpu {

template <class Arithmetic>
NextValue<Arithmetic>::Actions::Actions(int rows, const Shape& s)
    : heads(rows * 2 * s.act), samples(rows * s.act), q{Buffer<T>(rows), Buffer<T>(rows)} {
  for (Buffer<T>* b : {&mean, &log_std, &noise}) {
    *b = Buffer<T>(TanhGaussianArray<T>::padded(rows * s.act));
    b->fill(0);
  }
}

template <class Arithmetic>
NextValue<Arithmetic>::NextValue(int rows, const Shape& s)
    : shape_(s), forward_(rows, s.hidden), h1_(rows * s.hidden), h2_(rows * s.hidden) {
  if (s.algorithm == Algorithm::sac_v2) actions_.emplace_back(rows, s);
}

template <class Arithmetic>
void NextValue<Arithmetic>::sample(Agent<Arithmetic>& agent, int row0, uint64_t update) const {
  if (actions_.empty()) return;
  const uint32_t first = static_cast<uint32_t>(row0 * shape_.act);
  fill_normals(agent.key, Purpose::next_noise, update, first, forward_.rows() * shape_.act,
               &agent.batch.target_noise[first]);
}

template <class Arithmetic>
void NextValue<Arithmetic>::run(const Agent<Arithmetic>& agent, const StepConstants<T>& c, int row0,
                                T* values) {
  const ptrdiff_t first = row0;
  const NetworkInput<T> next{&agent.batch.next_obs[first * (shape_.obs + 1)], nullptr};
  if (actions_.empty()) return forward(agent, Network::v_target, next, values);
  sample_actions(agent, c, row0, next);
  Actions& a = actions_.front();
  const NetworkInput<T> x{next.obs, a.samples.action.data()};
  forward(agent, Network::q1_target, x, a.q[0].data());
  forward(agent, Network::q2_target, x, a.q[1].data());
  const T alpha = agent.alpha();
  for (int b = 0; b < forward_.rows(); ++b) {
    values[b] = soft_value(a.q[0][b], a.q[1][b], a.samples.log_prob_of(b, shape_.act), alpha);
  }
}

template <class Arithmetic>
void NextValue<Arithmetic>::sample_actions(const Agent<Arithmetic>& agent,
                                           const StepConstants<T>& c, int row0,
                                           const NetworkInput<T>& next) {
  Actions& a = actions_.front();
  forward(agent, Network::pi, next, a.heads.data());
  const int rows = forward_.rows(), count = rows * shape_.act;
  split_heads(a.heads.data(), rows, shape_.act, c.log_std_low, c.log_std_high, a.mean.data(),
              a.log_std.data());
  std::copy_n(&agent.batch.target_noise[row0 * shape_.act], count, a.noise.data());
  a.samples.sample(a.mean.data(), a.log_std.data(), a.noise.data(), count, c.max_action);
}

template <class Arithmetic>
void NextValue<Arithmetic>::forward(const Agent<Arithmetic>& agent, Network n,
                                    const NetworkInput<T>& x, T* output) {
  forward_.run(agent.weights(n), x, h1_.data(), h2_.data(), output);
}

template class NextValue<Float64>;
template class NextValue<Float32>;
template class NextValue<Bf16>;
template class NextValue<Bf16InFloat>;

}  // namespace sac::cpu
