#include "host/cpu/wave1.h"

#include <algorithm>

namespace sac {

Tiling::Tiling(int batch) {
  const int pairs = (batch + 127) / 128;
  rows = (batch + 2 * pairs - 1) / (2 * pairs);
  count = (batch + rows - 1) / rows;
}

int Tiling::rows_of(int tile, int batch) const {
  return std::min(rows, batch - begin(tile));
}

template <class T>
StepConstants<T>::StepConstants(const LearnerConfig& c)
    : gamma(static_cast<T>(c.hyper.gamma)),
      reward_scale(static_cast<T>(c.hyper.reward_scale)),
      max_action(static_cast<T>(c.max_action)),
      log_std_low(static_cast<T>(c.hyper.log_std.low)),
      log_std_high(static_cast<T>(c.hyper.log_std.high)),
      row_weight(T(1) / static_cast<T>(c.batch)) {}

template <class T>
Wave1<T>::Wave1(int rows, const Shape& s)
    : shape_(s),
      mlp_(rows, s.hidden),
      q1_(static_cast<size_t>(rows * s.hidden)),
      q2_(static_cast<size_t>(rows * s.hidden)),
      value_sample_(rows * s.act),
      policy_sample_(rows * s.act),
      heads_(static_cast<size_t>(rows * 2 * s.act)),
      smaller_rows_(static_cast<size_t>(rows)),
      records_(static_cast<size_t>(rows)) {
  for (Buffer<T>* b : {&mean_, &log_std_, &noise_, &d_mean_, &d_log_std_, &d_action_}) {
    *b = Buffer<T>(TanhGaussianArray<T>::padded(rows * s.act));
    b->fill(0);
  }
  for (Buffer<T>* b : {&log_prob_, &q1_value_, &q2_value_, &value_}) {
    *b = Buffer<T>(static_cast<size_t>(rows));
  }
}

template <class T>
void Wave1<T>::sample(Agent<T>& agent, int row0, uint64_t update, uint32_t size) {
  const RecordLayout r = record_layout(shape_);
  const int obs = shape_.obs, act = shape_.act;
  BatchBuffers<T>& batch = agent.batch;
  // Where the records lie is known early: by the time the noise is drawn they are in the cache.
  for (int b = 0; b < rows(); ++b) {
    const uint32_t word =
        random_word(agent.key, Purpose::replay_index, static_cast<uint32_t>(row0 + b), update);
    const T* record = &agent.replay[uniform_below(word, size) * static_cast<size_t>(r.size)];
    __builtin_prefetch(record);
    records_[static_cast<size_t>(b)] = record;
  }
  const uint32_t first = static_cast<uint32_t>(row0 * act);
  fill_normals(agent.key, Purpose::value_noise, update, first, rows() * act,
               &batch.value_noise[first]);
  fill_normals(agent.key, Purpose::policy_noise, update, first, rows() * act,
               &batch.policy_noise[first]);
  for (int b = row0; b < row0 + rows(); ++b) {
    const T* record = records_[static_cast<size_t>(b - row0)];
    T* s = &batch.obs[static_cast<size_t>(b * (obs + 1))];
    T* next = &batch.next_obs[static_cast<size_t>(b * (obs + 1))];
    for (int i = 0; i < obs; ++i) s[i] = record[i];
    for (int i = 0; i < obs; ++i) next[i] = record[r.next_obs + i];
    s[obs] = next[obs] = 1;
    for (int d = 0; d < act; ++d) {
      batch.action[static_cast<size_t>(b * act + d)] = record[r.action + d];
    }
    batch.reward[static_cast<size_t>(b)] = record[r.reward];
    batch.terminated[static_cast<size_t>(b)] = record[r.terminated];
  }
}

template <class T>
void Wave1<T>::gradients(Agent<T>& agent, const StepConstants<T>& c, int row0, Losses& losses) {
  losses = {};
  policy_samples(agent, c, row0);
  value_gradient(agent, c, row0, losses);
  policy_gradient(agent, c, row0, losses);
  q_gradients(agent, c, row0, losses);
}

/// pi(.|s) once; from it the action of eq. 5 and, with fresh noise, that of eq. 12.
template <class T>
void Wave1<T>::policy_samples(Agent<T>& agent, const StepConstants<T>& c, int row0) {
  const NetworkWeights<T> pi = agent.weights(Network::pi);
  NetworkTrace<T>& trace = agent.trace(Network::pi);
  const size_t at = static_cast<size_t>(row0) * static_cast<size_t>(shape_.hidden);
  mlp_.forward(pi, obs_rows(agent, row0), nullptr, &trace.h1[at], &trace.h2[at]);
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

/// Eq. 5: J_V = mean 1/2 (V(s) - [min(Q1, Q2)(s, a~) - log pi(a~|s)])^2.
template <class T>
void Wave1<T>::value_gradient(Agent<T>& agent, const StepConstants<T>& c, int row0,
                              Losses& losses) {
  const T* obs = obs_rows(agent, row0);
  sum_log_prob(value_sample_);
  for (const auto& [network, q] : {std::pair{Network::q1, &q1_value_}, {Network::q2, &q2_value_}}) {
    const NetworkWeights<T> w = agent.weights(network);
    mlp_.forward(w, obs, value_sample_.action.data(), q1_.h1.data(), q1_.h2.data());
    mlp_.head(w, q1_.h2.data(), q->data());
  }
  const NetworkWeights<T> v = agent.weights(Network::v);
  NetworkTrace<T>& trace = agent.trace(Network::v);
  const size_t at = static_cast<size_t>(row0) * static_cast<size_t>(shape_.hidden);
  mlp_.forward(v, obs, nullptr, &trace.h1[at], &trace.h2[at]);
  mlp_.head(v, &trace.h2[at], value_.data());
  for (size_t b = 0; b < static_cast<size_t>(rows()); ++b) {
    const T error = value_[b] - (std::min(q1_value_[b], q2_value_[b]) - log_prob_[b]);
    losses.v += 0.5 * static_cast<double>(error) * static_cast<double>(error);
    trace.dy[static_cast<size_t>(row0) + b] = c.row_weight * error;
  }
  mlp_.backward(v, &trace.dy[static_cast<size_t>(row0)], &trace.h1[at], &trace.h2[at],
                &trace.dz2[at], &trace.dz1[at]);
}

/// Eq. 12: J_pi = mean (log pi(a^|s) - min(Q1, Q2)(s, a^)). The gradient flows through the smaller
/// Q of each row (Q1 where they are equal) into the action, and from there into pi.
template <class T>
void Wave1<T>::policy_gradient(Agent<T>& agent, const StepConstants<T>& c, int row0,
                               Losses& losses) {
  const T* obs = obs_rows(agent, row0);
  const T* action = policy_sample_.action.data();
  sum_log_prob(policy_sample_);
  const NetworkWeights<T> q1 = agent.weights(Network::q1), q2 = agent.weights(Network::q2);
  mlp_.forward(q1, obs, action, q1_.h1.data(), q1_.h2.data());
  mlp_.head(q1, q1_.h2.data(), q1_value_.data());
  mlp_.forward(q2, obs, action, q2_.h1.data(), q2_.h2.data());
  mlp_.head(q2, q2_.h2.data(), q2_value_.data());
  int first = 0, last = rows();  // rows of Q1 from the front, rows of Q2 from the back
  for (int b = 0; b < rows(); ++b) {
    const bool q1_is_smaller =
        q1_value_[static_cast<size_t>(b)] <= q2_value_[static_cast<size_t>(b)];
    smaller_rows_[static_cast<size_t>(q1_is_smaller ? first++ : --last)] = b;
  }
  const auto action_gradient = [&](const NetworkWeights<T>& q, Scratch& x, int begin, int count) {
    mlp_.action_gradient(q, smaller_rows_.data() + begin, count, T(-1), x.h1.data(), x.h2.data(),
                         x.dz2.data(), x.dz1.data(), d_action_.data());
  };
  action_gradient(q1, q1_, 0, first);
  action_gradient(q2, q2_, first, rows() - first);
  for (size_t b = 0; b < static_cast<size_t>(rows()); ++b) {
    losses.pi += static_cast<double>(log_prob_[b] - std::min(q1_value_[b], q2_value_[b]));
  }

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

/// Eq. 7: J_Qi = mean 1/2 (Qi(s, a) - Q^)^2, Q^ = reward_scale r + gamma (1 - terminated) V-(s').
template <class T>
void Wave1<T>::q_gradients(Agent<T>& agent, const StepConstants<T>& c, int row0, Losses& losses) {
  const size_t first = static_cast<size_t>(row0);
  const NetworkWeights<T> v_target = agent.weights(Network::v_target);
  mlp_.forward(v_target, &agent.batch.next_obs[first * static_cast<size_t>(shape_.obs + 1)],
               nullptr, q1_.h1.data(), q1_.h2.data());
  mlp_.head(v_target, q1_.h2.data(), value_.data());
  for (size_t b = 0; b < static_cast<size_t>(rows()); ++b) {
    value_[b] = c.reward_scale * agent.batch.reward[first + b] +
                c.gamma * (1 - agent.batch.terminated[first + b]) * value_[b];
  }
  const T* action = &agent.batch.action[first * static_cast<size_t>(shape_.act)];
  const size_t at = first * static_cast<size_t>(shape_.hidden);
  for (const auto& [network, loss] :
       {std::pair{Network::q1, &losses.q1}, {Network::q2, &losses.q2}}) {
    const NetworkWeights<T> q = agent.weights(network);
    NetworkTrace<T>& trace = agent.trace(network);
    mlp_.forward(q, obs_rows(agent, row0), action, &trace.h1[at], &trace.h2[at]);
    mlp_.head(q, &trace.h2[at], q1_value_.data());
    for (size_t b = 0; b < static_cast<size_t>(rows()); ++b) {
      const T error = q1_value_[b] - value_[b];
      *loss += 0.5 * static_cast<double>(error) * static_cast<double>(error);
      trace.dy[first + b] = c.row_weight * error;
    }
    mlp_.backward(q, &trace.dy[first], &trace.h1[at], &trace.h2[at], &trace.dz2[at],
                  &trace.dz1[at]);
  }
}

template <class T>
const T* Wave1<T>::obs_rows(const Agent<T>& agent, int row0) const {
  return &agent.batch.obs[static_cast<size_t>(row0 * (shape_.obs + 1))];
}

template <class T>
void Wave1<T>::sum_log_prob(const TanhGaussianArray<T>& samples) {
  const size_t act = static_cast<size_t>(shape_.act);
  for (size_t b = 0; b < static_cast<size_t>(rows()); ++b) {
    log_prob_[b] = samples.log_prob[b * act];
    for (size_t d = 1; d < act; ++d) log_prob_[b] += samples.log_prob[b * act + d];
  }
}

template class Wave1<float>;
template class Wave1<double>;
template struct StepConstants<float>;
template struct StepConstants<double>;

}  // namespace sac
