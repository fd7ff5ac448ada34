#include "host/cpu/update.h"

#include <algorithm>
#include <cmath>

namespace sac::cpu {
namespace {

ptrdiff_t product(int a, int b) {
  return static_cast<ptrdiff_t>(a) * b;
}

}  // namespace

template <class T>
AdamStep<T> adam_step(const Hyperparameters& h, double learning_rate, int64_t step) {
  const double t = static_cast<double>(step);
  const T beta1 = static_cast<T>(h.beta1), beta2 = static_cast<T>(h.beta2);
  return {.beta1 = beta1,
          .one_minus_beta1 = 1 - beta1,
          .beta2 = beta2,
          .one_minus_beta2 = 1 - beta2,
          .eps = static_cast<T>(h.adam_eps),
          .step_size = static_cast<T>(learning_rate / (1 - std::pow(h.beta1, t))),
          .inverse_sqrt_correction2 = static_cast<T>(1 / std::sqrt(1 - std::pow(h.beta2, t)))};
}

template <class Arithmetic>
Update<Arithmetic>::Block::Block(int block_rows, int batch, int hidden)
    : rows(block_rows),
      gradient({.m = rows,
                .n = hidden,
                .k = batch,
                .lda = rows,
                .ldb = hidden,
                .ldc = hidden,
                .a_transposed = true}),
      copy(rows, hidden, hidden, hidden) {}

template <class Arithmetic>
Update<Arithmetic>::Update(int row0, int rows, const Shape& s)
    : shape_(s),
      tasks_(s),
      row0_(row0),
      full_(std::min(s.hidden, UpdateTasks::kBlockRows), rows, s.hidden),
      last_(s.hidden - (tasks_.blocks - 1) * UpdateTasks::kBlockRows, rows, s.hidden) {}

template <class Arithmetic>
auto Update<Arithmetic>::part(int task) const -> Part {
  const int big = tasks_.networks * tasks_.blocks;
  if (task >= big) return {static_cast<Network>(task - big), -1};
  return {static_cast<Network>(task / tasks_.blocks), task % tasks_.blocks};
}

template <class Arithmetic>
void Update<Arithmetic>::reduce(Agent<Arithmetic>& agent, int task) {
  const Part p = part(task);
  if (p.block >= 0) {
    reduce_w2(agent, p.network, p.block);
  } else {
    reduce_thin(agent, p.network);
  }
}

template <class Arithmetic>
void Update<Arithmetic>::apply(Agent<Arithmetic>& agent, const UpdateConstants<T>& c, int task) {
  const Part p = part(task);
  if (p.block >= 0) {
    apply_w2(agent, c, p.network, p.block);
  } else {
    apply_thin(agent, c, p.network);
  }
}

/// dW2 = dz2' h1 for a block of W2's rows (outputs).
template <class Arithmetic>
void Update<Arithmetic>::reduce_w2(Agent<Arithmetic>& agent, Network n, int block) {
  NetworkScratch<Arithmetic>& scratch = agent.scratch(n);
  const size_t h = shape_.hidden;
  prepared(block).gradient.run(
      scratch.dz2.at(block, row0_), &scratch.h1[row0_ * h], nullptr,
      &agent.gradients[network_layout(shape_, n).w2 + first_row(block) * h]);
}

/// The other five tensors, whose gradients the roles left tile by tile.
template <class Arithmetic>
void Update<Arithmetic>::reduce_thin(Agent<Arithmetic>& agent, Network n) {
  const int h = shape_.hidden;
  const NetworkLayout l = network_layout(shape_, n);
  const ThinGradient<T> sum = agent.scratch(n).sum_of_tiles();
  const WeightCopies<Arithmetic>& copies = agent.copies[static_cast<size_t>(n)];
  T* w1 = &agent.gradients[l.w1];
  for (int i = 0; i < l.in; ++i) {
    const T* row = sum.w1t + product(copies.w1t_row(i), h);
    for (int j = 0; j < h; ++j) w1[product(j, l.in) + i] = row[j];
  }
  std::copy_n(sum.w1t + product(shape_.obs, h), h, &agent.gradients[l.b1]);
  std::copy_n(sum.b2, h, &agent.gradients[l.b2]);
  std::copy_n(sum.w3, product(h, l.out), &agent.gradients[l.w3]);
  std::copy_n(sum.b3, l.out, &agent.gradients[l.b3]);
}

template <class Arithmetic>
void Update<Arithmetic>::apply_w2(Agent<Arithmetic>& agent, const UpdateConstants<T>& c, Network n,
                                  int block) {
  const int h = shape_.hidden, row0 = static_cast<int>(first_row(block));
  Block& b = prepared(block);
  step(agent, c, n, network_layout(shape_, n).w2 + product(row0, h), b.rows * h);
  const auto refresh = [&](Network network) {
    agent.copies[static_cast<size_t>(network)].refresh_w2(agent.parameters, row0, b.rows, b.copy);
  };
  refresh(n);
  if (has_target(shape_.algorithm, n)) refresh(target_of(shape_.algorithm, n));
}

template <class Arithmetic>
void Update<Arithmetic>::apply_thin(Agent<Arithmetic>& agent, const UpdateConstants<T>& c,
                                    Network n) {
  const int h = shape_.hidden;
  const NetworkLayout l = network_layout(shape_, n);
  step(agent, c, n, l.w1, h * l.in);
  step(agent, c, n, l.b1, h);
  step(agent, c, n, l.b2, h);
  step(agent, c, n, l.w3, h * l.out);
  step(agent, c, n, l.b3, l.out);
  const auto refresh = [&](Network network) {
    agent.copies[static_cast<size_t>(network)].refresh_first_layer(agent.parameters);
  };
  refresh(n);
  if (has_target(shape_.algorithm, n)) refresh(target_of(shape_.algorithm, n));
}

template <class Arithmetic>
void Update<Arithmetic>::step(Agent<Arithmetic>& agent, const UpdateConstants<T>& c, Network n,
                              size_t offset, int count) const {
  const AdamStep<T> adam = c.of(n);
  const T* gradient = &agent.gradients[offset];
  T* p = &agent.parameters[offset];
  T* m = &agent.adam_m[offset];
  T* v = &agent.adam_v[offset];
  for (int i = 0; i < count; ++i) adam_element(adam, gradient[i], p[i], m[i], v[i]);
  if (has_target(shape_.algorithm, n)) {
    T* target = &agent.parameters[offset + target_distance(shape_)];
    for (int i = 0; i < count; ++i) target[i] = soft_update(c.tau, p[i], target[i]);
  }
}

template <class Arithmetic>
void update_alpha(Agent<Arithmetic>& agent, const UpdateConstants<typename Arithmetic::Real>& c,
                  double deficit) {
  const size_t at = log_alpha_offset(agent.shape);
  agent.gradients[at] = static_cast<typename Arithmetic::Real>(-deficit);
  adam_element(c.alpha, agent.gradients[at], agent.parameters[at], agent.adam_m[at],
               agent.adam_v[at]);
}

template class Update<Float64>;
template class Update<Float32>;
template class Update<Bf16>;
template class Update<Bf16InFloat>;
template void update_alpha(Agent<Float64>&, const UpdateConstants<double>&, double);
template void update_alpha(Agent<Float32>&, const UpdateConstants<float>&, double);
template void update_alpha(Agent<Bf16>&, const UpdateConstants<float>&, double);
template void update_alpha(Agent<Bf16InFloat>&, const UpdateConstants<float>&, double);
template AdamStep<float> adam_step(const Hyperparameters&, double, int64_t);
template AdamStep<double> adam_step(const Hyperparameters&, double, int64_t);

}  // namespace sac::cpu
