#include "host/cpu/q_role.h"

#include "kernels/sac/targets.h"

namespace sac::cpu {

template <class Arithmetic>
QRole<Arithmetic>::QRole(int rows, const Shape& s)
    : shape_(s),
      forward_(rows, s.hidden),
      backward_(rows, s.hidden),
      records_(rows),
      next_value_(rows, s),
      h2_(rows * s.hidden),
      target_(rows),
      q_(rows),
      d_q_(rows) {}

template <class Arithmetic>
void QRole<Arithmetic>::sample(Agent<Arithmetic>& agent, int row0, uint64_t update, uint32_t size) {
  const RecordLayout r = record_layout(shape_);
  const int obs = shape_.obs, act = shape_.act;
  BatchBuffers<T>& batch = agent.batch;
  records_.draw(agent, row0, update, size);
  next_value_.sample(agent, row0, update);
  for (int b = row0; b < row0 + rows(); ++b) {
    const T* record = records_[b - row0];
    T* s = &batch.obs[b * (obs + 1)];
    T* next = &batch.next_obs[b * (obs + 1)];
    for (int i = 0; i < obs; ++i) s[i] = record[i];
    for (int i = 0; i < obs; ++i) next[i] = record[r.next_obs + i];
    s[obs] = next[obs] = 1;
    for (int d = 0; d < act; ++d) {
      batch.action[b * act + d] = record[r.action + d];
    }
    batch.reward[b] = record[r.reward];
    batch.terminated[b] = record[r.terminated];
  }
}

template <class Arithmetic>
void QRole<Arithmetic>::run(Agent<Arithmetic>& agent, const StepConstants<T>& c, int tile, int row0,
                            Losses& losses) {
  q_target(agent, c, row0);
  losses.q1 = q_gradient(agent, c, tile, row0, Network::q1);
  losses.q2 = q_gradient(agent, c, tile, row0, Network::q2);
}

/// Q^ = reward_scale r + gamma (1 - terminated) V(s').
template <class Arithmetic>
void QRole<Arithmetic>::q_target(const Agent<Arithmetic>& agent, const StepConstants<T>& c,
                                 int row0) {
  const BatchBuffers<T>& batch = agent.batch;
  next_value_.run(agent, c, row0, target_.data());
  for (int b = 0; b < rows(); ++b) {
    target_[b] = sac::q_target(batch.reward[row0 + b], batch.terminated[row0 + b], target_[b],
                               c.reward_scale, c.gamma);
  }
}

/// Eq. 7: J_Qi = mean 1/2 (Qi(s, a) - Q^)^2 with the action from the buffer; the sum over the rows.
template <class Arithmetic>
double QRole<Arithmetic>::q_gradient(Agent<Arithmetic>& agent, const StepConstants<T>& c, int tile,
                                     int row0, Network n) {
  const NetworkWeights<Arithmetic> q = agent.weights(n);
  NetworkScratch<Arithmetic>& scratch = agent.scratch(n);
  const ptrdiff_t first = row0;
  const NetworkInput<T> x{&agent.batch.obs[first * (shape_.obs + 1)],
                          &agent.batch.action[first * shape_.act]};
  Operand* h1 = &scratch.h1[first * shape_.hidden];
  forward_.run(q, x, h1, h2_.data(), q_.data());
  double sum = 0;
  for (int b = 0; b < rows(); ++b) {
    const T error = q_[b] - target_[b];
    sum += half_square<double>(error);
    d_q_[b] = c.row_weight * error;
  }
  backward_.run(q, x, d_q_.data(), h1, h2_.data(), {scratch.dz2, row0, scratch.thin(tile)});
  return sum;
}

template class QRole<Float64>;
template class QRole<Float32>;
template class QRole<Bf16>;
template class QRole<Bf16InFloat>;

}  // namespace sac::cpu
