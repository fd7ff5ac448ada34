#include "host/cpu/policy_role.h"

#include <algorithm>

namespace sac {

template <class T>
PolicyRole<T>::PolicyRole(int rows, const Shape& s, Precision operands)
    : shape_(s),
      mlp_(rows, s.hidden, operands),
      records_(rows),
      q1_(static_cast<size_t>(rows * s.hidden)),
      q2_(static_cast<size_t>(rows * s.hidden)),
      value_sample_(rows * s.act),
      policy_sample_(rows * s.act),
      heads_(static_cast<size_t>(rows * 2 * s.act)),
      log_prob_(static_cast<size_t>(rows)),
      q1_value_(static_cast<size_t>(rows)),
      q2_value_(static_cast<size_t>(rows)),
      smaller_rows_(static_cast<size_t>(rows)) {
  for (Buffer<T>* b : {&mean_, &log_std_, &noise_, &d_mean_, &d_log_std_, &d_action_}) {
    *b = Buffer<T>(TanhGaussianArray<T>::padded(rows * s.act));
    b->fill(0);
  }
}

template <class T>
void PolicyRole<T>::sample(Agent<T>& agent, int row0, uint64_t update, uint32_t size) {
  records_.draw(agent, row0, update, size);
  const int obs = shape_.obs, count = rows() * shape_.act;
  const uint32_t first = static_cast<uint32_t>(row0 * shape_.act);
  BatchBuffers<T>& batch = agent.batch;
  fill_normals(agent.key, Purpose::value_noise, update, first, count, &batch.value_noise[first]);
  fill_normals(agent.key, Purpose::policy_noise, update, first, count, &batch.policy_noise[first]);
  for (int b = 0; b < rows(); ++b) {
    T* s = &batch.policy_obs[static_cast<size_t>((row0 + b) * (obs + 1))];
    for (int i = 0; i < obs; ++i) s[i] = records_[b][i];
    s[obs] = 1;
  }
}

template <class T>
void PolicyRole<T>::run(Agent<T>& agent, const StepConstants<T>& c, int row0, double& loss) {
  const T* obs = &agent.batch.policy_obs[static_cast<size_t>(row0 * (shape_.obs + 1))];
  sample_actions(agent, c, row0);
  value_target(agent, obs, row0);
  loss = policy_loss(agent, obs);
  action_gradient(agent);
  policy_gradient(agent, c, row0);
}

/// pi(.|s) once; from it the action of eq. 5 and, with fresh noise, that of eq. 12.
template <class T>
void PolicyRole<T>::sample_actions(Agent<T>& agent, const StepConstants<T>& c, int row0) {
  const NetworkWeights<T> pi = agent.weights(Network::pi);
  NetworkTrace<T>& trace = agent.trace(Network::pi);
  const size_t at = static_cast<size_t>(row0) * static_cast<size_t>(shape_.hidden);
  mlp_.forward(pi, &agent.batch.policy_obs[static_cast<size_t>(row0 * (shape_.obs + 1))], nullptr,
               &trace.h1[at], &trace.h2[at]);
  mlp_.head(pi, &trace.h2[at], heads_.data());
  const int act = shape_.act, count = rows() * act;
  split_heads(heads_.data(), rows(), act, c.log_std_low, c.log_std_high, mean_.data(),
              log_std_.data());
  const auto sample = [&](const Buffer<T>& noise, TanhGaussianArray<T>& out) {
    std::copy_n(&noise[static_cast<size_t>(row0 * act)], count, noise_.data());
    out.sample(mean_.data(), log_std_.data(), noise_.data(), count, c.max_action);
  };
  sample(agent.batch.value_noise, value_sample_);
  sample(agent.batch.policy_noise, policy_sample_);
}

/// The bracket of eq. 5: min(Q1, Q2)(s, a~) - log pi(a~|s).
template <class T>
void PolicyRole<T>::value_target(Agent<T>& agent, const T* obs, int row0) {
  q_values(agent, obs, value_sample_);
  for (size_t b = 0; b < static_cast<size_t>(rows()); ++b) {
    agent.batch.value_target[static_cast<size_t>(row0) + b] =
        std::min(q1_value_[b], q2_value_[b]) - log_prob_[b];
  }
}

/// Eq. 12: J_pi = mean (log pi(a^|s) - min(Q1, Q2)(s, a^)); the sum over the rows.
template <class T>
double PolicyRole<T>::policy_loss(Agent<T>& agent, const T* obs) {
  q_values(agent, obs, policy_sample_);
  double sum = 0;
  for (size_t b = 0; b < static_cast<size_t>(rows()); ++b) {
    sum += static_cast<double>(log_prob_[b] - std::min(q1_value_[b], q2_value_[b]));
  }
  return sum;
}

/// -dQ/da through the smaller Q of each row (Q1 where they are equal): each network goes back
/// through its own rows only.
template <class T>
void PolicyRole<T>::action_gradient(const Agent<T>& agent) {
  int first = 0, last = rows();  // rows of Q1 from the front, rows of Q2 from the back
  for (int b = 0; b < rows(); ++b) {
    const size_t i = static_cast<size_t>(b);
    smaller_rows_[static_cast<size_t>(q1_value_[i] <= q2_value_[i] ? first++ : --last)] = b;
  }
  const auto backward = [&](Network q, Scratch& x, int begin, int count) {
    mlp_.action_gradient(agent.weights(q), smaller_rows_.data() + begin, count, T(-1), x.h1.data(),
                         x.h2.data(), x.dz2.data(), x.dz1.data(), d_action_.data());
  };
  backward(Network::q1, q1_, 0, first);
  backward(Network::q2, q2_, first, rows() - first);
}

/// From the action's gradient through the sample into pi.
template <class T>
void PolicyRole<T>::policy_gradient(Agent<T>& agent, const StepConstants<T>& c, int row0) {
  const int act = shape_.act, count = rows() * act;
  policy_sample_.gradient(d_action_.data(), count, c.row_weight, c.max_action, d_mean_.data(),
                          d_log_std_.data());
  NetworkTrace<T>& trace = agent.trace(Network::pi);
  T* dy = &trace.dy[static_cast<size_t>(row0 * 2 * act)];
  for (int i = 0; i < count; ++i) {
    const int mean = i / act * 2 * act + i % act, log_std = mean + act;
    const T raw = heads_[static_cast<size_t>(log_std)];
    const bool clamped = raw < c.log_std_low || raw > c.log_std_high;
    dy[mean] = d_mean_[static_cast<size_t>(i)];
    dy[log_std] = clamped ? T(0) : d_log_std_[static_cast<size_t>(i)];
  }
  const size_t at = static_cast<size_t>(row0) * static_cast<size_t>(shape_.hidden);
  mlp_.backward(agent.weights(Network::pi), dy, &trace.h1[at], &trace.h2[at], &trace.dz2[at],
                &trace.dz1[at]);
}

template <class T>
void PolicyRole<T>::q_values(const Agent<T>& agent, const T* obs,
                             const TanhGaussianArray<T>& samples) {
  const auto forward = [&](Network n, Scratch& x, Buffer<T>& value) {
    const NetworkWeights<T> q = agent.weights(n);
    mlp_.forward(q, obs, samples.action.data(), x.h1.data(), x.h2.data());
    mlp_.head(q, x.h2.data(), value.data());
  };
  forward(Network::q1, q1_, q1_value_);
  forward(Network::q2, q2_, q2_value_);
  sum_log_prob(samples);
}

template <class T>
void PolicyRole<T>::sum_log_prob(const TanhGaussianArray<T>& samples) {
  const size_t act = static_cast<size_t>(shape_.act);
  for (size_t b = 0; b < static_cast<size_t>(rows()); ++b) {
    log_prob_[b] = samples.log_prob[b * act];
    for (size_t d = 1; d < act; ++d) log_prob_[b] += samples.log_prob[b * act + d];
  }
}

template class PolicyRole<float>;
template class PolicyRole<double>;

}  // namespace sac
