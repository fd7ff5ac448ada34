#include "host/cpu/policy_value_role.h"

#include <algorithm>

#include "kernels/sac/targets.h"

namespace sac::cpu {
namespace {

constexpr Network kQ[2] = {Network::q1, Network::q2};

}  // namespace

template <class Arithmetic>
PolicyValueRole<Arithmetic>::PolicyValueRole(int rows, const Shape& s)
    : shape_(s),
      forward_(rows, s.hidden),
      forward_samples_(2 * rows, s.hidden),
      backward_(rows, s.hidden),
      records_(rows),
      sample_obs_(2 * rows * (s.obs + 1)),
      samples_(2 * rows * s.act),
      q_{QValues(2 * rows, s.hidden), QValues(2 * rows, s.hidden)},
      policy_h2_(rows * s.hidden),
      value_h2_(rows * s.hidden),
      heads_(rows * 2 * s.act),
      d_heads_(rows * 2 * s.act),
      value_(rows),
      d_value_(rows),
      smaller_rows_(rows) {
  for (Buffer<T>* b : {&mean_, &log_std_, &noise_, &d_mean_, &d_log_std_, &d_action_}) {
    *b = Buffer<T>(TanhGaussianArray<T>::padded(2 * rows * s.act));
    b->fill(0);
  }
}

template <class Arithmetic>
void PolicyValueRole<Arithmetic>::sample(Agent<Arithmetic>& agent, int row0, uint64_t update,
                                         uint32_t size) {
  records_.draw(agent, row0, update, size);
  const int obs = shape_.obs, count = rows() * shape_.act;
  const uint32_t first = static_cast<uint32_t>(row0 * shape_.act);
  BatchBuffers<T>& batch = agent.batch;
  fill_normals(agent.key, Purpose::value_noise, update, first, count, &batch.value_noise[first]);
  fill_normals(agent.key, Purpose::policy_noise, update, first, count, &batch.policy_noise[first]);
  for (int b = 0; b < rows(); ++b) {
    T* s = &batch.policy_obs[(row0 + b) * (obs + 1)];
    for (int i = 0; i < obs; ++i) s[i] = records_[b][i];
    s[obs] = 1;
  }
}

template <class Arithmetic>
void PolicyValueRole<Arithmetic>::run(Agent<Arithmetic>& agent, const StepConstants<T>& c, int tile,
                                      int row0, Losses& losses) {
  sample_actions(agent, c, row0);
  q_values(agent);
  losses.v = value_gradient(agent, c, tile, row0);
  losses.pi = policy_loss();
  action_gradient(agent);
  policy_gradient(agent, c, tile, row0);
}

/// pi(.|s) once; from it the action of eq. 12 and, with noise of its own, that of eq. 5.
template <class Arithmetic>
void PolicyValueRole<Arithmetic>::sample_actions(Agent<Arithmetic>& agent,
                                                 const StepConstants<T>& c, int row0) {
  const T* obs = obs_rows(agent, row0);
  forward_.run(agent.weights(Network::pi), {obs, nullptr}, h1_rows(agent, Network::pi, row0),
               policy_h2_.data(), heads_.data());
  const int act = shape_.act, count = rows() * act;
  split_heads(heads_.data(), rows(), act, c.log_std_low, c.log_std_high, mean_.data(),
              log_std_.data());
  std::copy_n(mean_.data(), count, mean_.data() + count);
  std::copy_n(log_std_.data(), count, log_std_.data() + count);
  const int first = row0 * act;
  std::copy_n(&agent.batch.policy_noise[first], count, noise_.data());
  std::copy_n(&agent.batch.value_noise[first], count, noise_.data() + count);
  samples_.sample(mean_.data(), log_std_.data(), noise_.data(), 2 * count, c.max_action);
  const int obs_count = rows() * (shape_.obs + 1);
  std::copy_n(obs, obs_count, sample_obs_.data());
  std::copy_n(obs, obs_count, sample_obs_.data() + obs_count);
}

template <class Arithmetic>
void PolicyValueRole<Arithmetic>::q_values(const Agent<Arithmetic>& agent) {
  for (int i = 0; i < 2; ++i) {
    forward_samples_.run(agent.weights(kQ[i]), {sample_obs_.data(), samples_.action.data()},
                         q_[i].h1.data(), q_[i].h2.data(), q_[i].values.data());
  }
}

template <class Arithmetic>
typename Arithmetic::Real PolicyValueRole<Arithmetic>::log_prob(int sample) const {
  const int act = shape_.act;
  const T* each = &samples_.log_prob[sample * act];
  T sum = each[0];
  for (int d = 1; d < act; ++d) sum += each[d];
  return sum;
}

/// Eq. 5: J_V = mean 1/2 (V(s) - (min(Q1, Q2)(s, a~) - log pi(a~|s)))^2; the sum over the rows.
template <class Arithmetic>
double PolicyValueRole<Arithmetic>::value_gradient(Agent<Arithmetic>& agent,
                                                   const StepConstants<T>& c, int tile, int row0) {
  const NetworkWeights<Arithmetic> v = agent.weights(Network::v);
  const NetworkInput<T> x{obs_rows(agent, row0), nullptr};
  Operand* h1 = h1_rows(agent, Network::v, row0);
  forward_.run(v, x, h1, value_h2_.data(), value_.data());
  const int count = rows();
  double sum = 0;
  for (int b = 0; b < count; ++b) {
    const int i = count + b;
    const T error = value_[b] - value_target(q_[0].values[i], q_[1].values[i], log_prob(i));
    sum += half_square<double>(error);
    d_value_[b] = c.row_weight * error;
  }
  NetworkScratch<Arithmetic>& scratch = agent.scratch(Network::v);
  backward_.run(v, x, d_value_.data(), h1, value_h2_.data(),
                {scratch.dz2, row0, scratch.thin(tile)});
  return sum;
}

/// Eq. 12: J_pi = mean (log pi(a^|s) - min(Q1, Q2)(s, a^)); the sum over the rows.
template <class Arithmetic>
double PolicyValueRole<Arithmetic>::policy_loss() {
  double sum = 0;
  for (int b = 0; b < rows(); ++b) {
    sum += policy_row_loss(q_[0].values[b], q_[1].values[b], log_prob(b));
  }
  return sum;
}

/// -dQ/da through the smaller Q of each row: each network goes backward
/// through its own rows only.
template <class Arithmetic>
void PolicyValueRole<Arithmetic>::action_gradient(const Agent<Arithmetic>& agent) {
  int first = 0, last = rows();  // rows of Q1 from the front, rows of Q2 from the back
  for (int b = 0; b < rows(); ++b) {
    const int q = smaller_q_index(q_[0].values[b], q_[1].values[b]);
    smaller_rows_[q == 0 ? first++ : --last] = b;
  }
  const auto backward = [&](int i, int begin, int count) {
    backward_.action_gradient(agent.weights(kQ[i]), smaller_rows_.data() + begin, count, T(-1),
                              q_[i].h1.data(), q_[i].h2.data(), d_action_.data());
  };
  backward(0, 0, first);
  backward(1, first, rows() - first);
}

/// From the action's gradient through the sample into pi.
template <class Arithmetic>
void PolicyValueRole<Arithmetic>::policy_gradient(Agent<Arithmetic>& agent,
                                                  const StepConstants<T>& c, int tile, int row0) {
  const int act = shape_.act, count = rows() * act;
  samples_.gradient(d_action_.data(), count, c.row_weight, c.max_action, d_mean_.data(),
                    d_log_std_.data());
  for (int i = 0; i < count; ++i) {
    const int mean = i / act * 2 * act + i % act;
    const int log_std = mean + act;
    d_heads_[mean] = d_mean_[i];
    d_heads_[log_std] =
        unclamped_gradient(d_log_std_[i], heads_[log_std], c.log_std_low, c.log_std_high);
  }
  NetworkScratch<Arithmetic>& scratch = agent.scratch(Network::pi);
  backward_.run(agent.weights(Network::pi), {obs_rows(agent, row0), nullptr}, d_heads_.data(),
                h1_rows(agent, Network::pi, row0), policy_h2_.data(),
                {scratch.dz2, row0, scratch.thin(tile)});
}

template class PolicyValueRole<Float64>;
template class PolicyValueRole<Float32>;
template class PolicyValueRole<Bf16>;
template class PolicyValueRole<Bf16InFloat>;

}  // namespace sac::cpu
