#include "host/cpu/value_role.h"

namespace sac {

template <class T>
ValueRole<T>::ValueRole(int rows, const Shape& s, Precision operands)
    : shape_(s),
      mlp_(rows, s.hidden, operands),
      records_(rows),
      h1_(static_cast<size_t>(rows * s.hidden)),
      h2_(static_cast<size_t>(rows * s.hidden)),
      target_(static_cast<size_t>(rows)),
      q_(static_cast<size_t>(rows)),
      ones_(static_cast<size_t>(rows)) {
  ones_.fill(1);
}

template <class T>
void ValueRole<T>::sample(Agent<T>& agent, int row0, uint64_t update, uint32_t size) {
  const RecordLayout r = record_layout(shape_);
  const int obs = shape_.obs, act = shape_.act;
  BatchBuffers<T>& batch = agent.batch;
  records_.draw(agent, row0, update, size);
  for (int b = row0; b < row0 + rows(); ++b) {
    const T* record = records_[b - row0];
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
void ValueRole<T>::run(Agent<T>& agent, const StepConstants<T>& c, int row0, double& q1_loss,
                       double& q2_loss) {
  q_target(agent, c, row0);
  q1_loss = q_gradient(agent, c, row0, Network::q1);
  q2_loss = q_gradient(agent, c, row0, Network::q2);
  unit_value_gradient(agent, row0);
}

/// V(s), and the way back as if dJ_V/dV were 1 in every row.
template <class T>
void ValueRole<T>::unit_value_gradient(Agent<T>& agent, int row0) {
  const NetworkWeights<T> v = agent.weights(Network::v);
  NetworkTrace<T>& trace = agent.trace(Network::v);
  const size_t at = static_cast<size_t>(row0) * static_cast<size_t>(shape_.hidden);
  mlp_.forward(v, obs_rows(agent, row0), nullptr, &trace.h1[at], &trace.h2[at]);
  mlp_.head(v, &trace.h2[at], &agent.batch.value[static_cast<size_t>(row0)]);
  mlp_.backward(v, ones_.data(), &trace.h1[at], &trace.h2[at], &trace.dz2[at], &trace.dz1[at]);
}

/// Q^ = reward_scale r + gamma (1 - terminated) V-(s').
template <class T>
void ValueRole<T>::q_target(const Agent<T>& agent, const StepConstants<T>& c, int row0) {
  const size_t first = static_cast<size_t>(row0);
  const NetworkWeights<T> v_target = agent.weights(Network::v_target);
  mlp_.forward(v_target, &agent.batch.next_obs[first * static_cast<size_t>(shape_.obs + 1)],
               nullptr, h1_.data(), h2_.data());
  mlp_.head(v_target, h2_.data(), target_.data());
  for (size_t b = 0; b < static_cast<size_t>(rows()); ++b) {
    target_[b] = c.reward_scale * agent.batch.reward[first + b] +
                 c.gamma * (1 - agent.batch.terminated[first + b]) * target_[b];
  }
}

/// Eq. 7: J_Qi = mean 1/2 (Qi(s, a) - Q^)^2 with the action from the buffer; the sum over the rows.
template <class T>
double ValueRole<T>::q_gradient(Agent<T>& agent, const StepConstants<T>& c, int row0, Network n) {
  const NetworkWeights<T> q = agent.weights(n);
  NetworkTrace<T>& trace = agent.trace(n);
  const size_t first = static_cast<size_t>(row0);
  const size_t at = first * static_cast<size_t>(shape_.hidden);
  mlp_.forward(q, obs_rows(agent, row0),
               &agent.batch.action[first * static_cast<size_t>(shape_.act)], &trace.h1[at],
               &trace.h2[at]);
  mlp_.head(q, &trace.h2[at], q_.data());
  double sum = 0;
  for (size_t b = 0; b < static_cast<size_t>(rows()); ++b) {
    const T error = q_[b] - target_[b];
    sum += 0.5 * static_cast<double>(error) * static_cast<double>(error);
    trace.dy[first + b] = c.row_weight * error;
  }
  mlp_.backward(q, &trace.dy[first], &trace.h1[at], &trace.h2[at], &trace.dz2[at], &trace.dz1[at]);
  return sum;
}

template <class T>
const T* ValueRole<T>::obs_rows(const Agent<T>& agent, int row0) const {
  return &agent.batch.obs[static_cast<size_t>(row0 * (shape_.obs + 1))];
}

template class ValueRole<float>;
template class ValueRole<double>;

}  // namespace sac
