#include "host/cpu/policy_role.h"

#include <algorithm>

#include "kernels/sac/targets.h"

namespace sac::cpu {
namespace {

constexpr Network kQ[2] = {Network::q1, Network::q2};

}  // namespace

template <class Arithmetic>
PolicyRole<Arithmetic>::PolicyRole(int rows, const Shape& s)
    : shape_(s),
      trains_v_(s.algorithm == Algorithm::sac_v1),
      samples_per_row_(trains_v_ ? 2 : 1),
      forward_(rows, s.hidden),
      forward_samples_(samples_per_row_ * rows, s.hidden),
      backward_(rows, s.hidden),
      records_(rows),
      sample_obs_(samples_per_row_ * rows * (s.obs + 1)),
      samples_(samples_per_row_ * rows * s.act),
      q_{QValues(samples_per_row_ * rows, s.hidden), QValues(samples_per_row_ * rows, s.hidden)},
      policy_h2_(rows * s.hidden),
      value_h2_(trains_v_ ? rows * s.hidden : 0),
      heads_(rows * 2 * s.act),
      d_heads_(rows * 2 * s.act),
      value_(rows),
      d_value_(rows),
      smaller_rows_(rows) {
  for (Buffer<T>* b : {&mean_, &log_std_, &noise_, &d_mean_, &d_log_std_, &d_action_}) {
    *b = Buffer<T>(TanhGaussianArray<T>::padded(samples_per_row_ * rows * s.act));
    b->fill(0);
  }
}

template <class Arithmetic>
void PolicyRole<Arithmetic>::sample(Agent<Arithmetic>& agent, int row0, uint64_t update,
                                    uint32_t size) {
  records_.draw(agent, row0, update, size);
  const int obs = shape_.obs, count = rows() * shape_.act;
  const uint32_t first = static_cast<uint32_t>(row0 * shape_.act);
  BatchBuffers<T>& batch = agent.batch;
  if (trains_v_) {
    fill_normals(agent.key, Purpose::value_noise, update, first, count, &batch.target_noise[first]);
  }
  fill_normals(agent.key, Purpose::policy_noise, update, first, count, &batch.policy_noise[first]);
  for (int b = 0; b < rows(); ++b) {
    T* s = &batch.policy_obs[(row0 + b) * (obs + 1)];
    for (int i = 0; i < obs; ++i) s[i] = records_[b][i];
    s[obs] = 1;
  }
}

template <class Arithmetic>
void PolicyRole<Arithmetic>::run(Agent<Arithmetic>& agent, const StepConstants<T>& c, int tile,
                                 int row0, Losses& losses) {
  sample_actions(agent, c, row0);
  q_values(agent);
  if (trains_v_) losses.v = value_gradient(agent, c, tile, row0);
  losses.pi = policy_loss(agent.alpha());
  if (!trains_v_) losses.alpha = entropy_deficit(c.target_entropy);
  action_gradient(agent);
  policy_gradient(agent, c, tile, row0);
}

/// pi(.|s) once; from it the action of eq. 12 and, with noise of its own, that of eq. 5.
template <class Arithmetic>
void PolicyRole<Arithmetic>::sample_actions(Agent<Arithmetic>& agent, const StepConstants<T>& c,
                                            int row0) {
  const T* obs = obs_rows(agent, row0);
  forward_.run(agent.weights(Network::pi), {obs, nullptr}, h1_rows(agent, Network::pi, row0),
               policy_h2_.data(), heads_.data());
  const int act = shape_.act, count = rows() * act;
  split_heads(heads_.data(), rows(), act, c.log_std_low, c.log_std_high, mean_.data(),
              log_std_.data());
  const int first = row0 * act, obs_count = rows() * (shape_.obs + 1);
  std::copy_n(&agent.batch.policy_noise[first], count, noise_.data());
  std::copy_n(obs, obs_count, sample_obs_.data());
  if (trains_v_) {
    std::copy_n(mean_.data(), count, mean_.data() + count);
    std::copy_n(log_std_.data(), count, log_std_.data() + count);
    std::copy_n(&agent.batch.target_noise[first], count, noise_.data() + count);
    std::copy_n(obs, obs_count, sample_obs_.data() + obs_count);
  }
  samples_.sample(mean_.data(), log_std_.data(), noise_.data(), samples_per_row_ * count,
                  c.max_action);
}

template <class Arithmetic>
void PolicyRole<Arithmetic>::q_values(const Agent<Arithmetic>& agent) {
  for (int i = 0; i < 2; ++i) {
    forward_samples_.run(agent.weights(kQ[i]), {sample_obs_.data(), samples_.action.data()},
                         q_[i].h1.data(), q_[i].h2.data(), q_[i].values.data());
  }
}

/// Eq. 5: J_V = mean 1/2 (V(s) - (min(Q1, Q2)(s, a~) - log pi(a~|s)))^2; the sum over the rows.
template <class Arithmetic>
double PolicyRole<Arithmetic>::value_gradient(Agent<Arithmetic>& agent, const StepConstants<T>& c,
                                              int tile, int row0) {
  const NetworkWeights<Arithmetic> v = agent.weights(Network::v);
  const NetworkInput<T> x{obs_rows(agent, row0), nullptr};
  Operand* h1 = h1_rows(agent, Network::v, row0);
  forward_.run(v, x, h1, value_h2_.data(), value_.data());
  const int count = rows();
  const T alpha = agent.alpha();
  double sum = 0;
  for (int b = 0; b < count; ++b) {
    const int i = count + b;
    const T target = soft_value(q_[0].values[i], q_[1].values[i], log_prob(i), alpha);
    const T error = value_[b] - target;
    sum += half_square<double>(error);
    d_value_[b] = c.row_weight * error;
  }
  NetworkScratch<Arithmetic>& scratch = agent.scratch(Network::v);
  backward_.run(v, x, d_value_.data(), h1, value_h2_.data(),
                {scratch.dz2, row0, scratch.thin(tile)});
  return sum;
}

/// Eq. 12: J_pi = mean (alpha log pi(a^|s) - min(Q1, Q2)(s, a^)); the sum over the rows.
template <class Arithmetic>
double PolicyRole<Arithmetic>::policy_loss(T alpha) const {
  double sum = 0;
  for (int b = 0; b < rows(); ++b) {
    sum += policy_row_loss(q_[0].values[b], q_[1].values[b], log_prob(b), alpha);
  }
  return sum;
}

/// By how much the policy's entropy falls short of the target, summed over the rows.
template <class Arithmetic>
double PolicyRole<Arithmetic>::entropy_deficit(T target_entropy) const {
  double sum = 0;
  for (int b = 0; b < rows(); ++b) sum += sac::entropy_deficit(log_prob(b), target_entropy);
  return sum;
}

/// -dQ/da through the smaller Q of each row: each network goes backward
/// through its own rows only.
template <class Arithmetic>
void PolicyRole<Arithmetic>::action_gradient(const Agent<Arithmetic>& agent) {
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
void PolicyRole<Arithmetic>::policy_gradient(Agent<Arithmetic>& agent, const StepConstants<T>& c,
                                             int tile, int row0) {
  const int act = shape_.act, count = rows() * act;
  samples_.gradient(d_action_.data(), count, c.row_weight, agent.alpha(), c.max_action,
                    d_mean_.data(), d_log_std_.data());
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

template class PolicyRole<Float64>;
template class PolicyRole<Float32>;
template class PolicyRole<Bf16>;
template class PolicyRole<Bf16InFloat>;

}  // namespace sac::cpu
