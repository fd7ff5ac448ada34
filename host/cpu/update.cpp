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
Update<Arithmetic>::Update(int batch, const Shape& s)
    : shape_(s),
      tasks_(s),
      full_(std::min(s.hidden, UpdateTasks::kBlockRows), batch, s.hidden),
      last_(s.hidden - (tasks_.blocks - 1) * UpdateTasks::kBlockRows, batch, s.hidden),
      block_gradient_(product(UpdateTasks::kBlockRows, s.hidden)),
      w1_gradient_(product(s.hidden, s.obs + s.act)) {}

template <class Arithmetic>
void Update<Arithmetic>::run(Agent<Arithmetic>& agent, const UpdateConstants<T>& c, int task,
                             T* gradients) {
  const int big = tasks_.networks * tasks_.blocks;
  if (task < big) {
    update_w2(agent, c, static_cast<Network>(task / tasks_.blocks), task % tasks_.blocks,
              gradients);
  } else {
    update_thin(agent, c, static_cast<Network>(task - big), gradients);
  }
}

/// dW2 = dz2' h1 for a block of W2's rows (outputs).
template <class Arithmetic>
void Update<Arithmetic>::update_w2(Agent<Arithmetic>& agent, const UpdateConstants<T>& c, Network n,
                                   int block, T* gradients) {
  const int h = shape_.hidden;
  const int row0 = block * UpdateTasks::kBlockRows;
  Block& prepared = block == tasks_.blocks - 1 ? last_ : full_;
  NetworkScratch<Arithmetic>& scratch = agent.scratch(n);
  prepared.gradient.run(scratch.dz2.at(block, 0), scratch.h1.data(), nullptr,
                        block_gradient_.data());
  apply(agent, c, n, network_layout(shape_, n).w2 + product(row0, h), prepared.rows * h,
        block_gradient_.data(), gradients);
  const auto refresh = [&](Network network) {
    agent.copies[static_cast<size_t>(network)].refresh_w2(agent.parameters, row0, prepared.rows,
                                                          prepared.copy);
  };
  refresh(n);
  if (has_target(shape_.algorithm, n)) refresh(target_of(shape_.algorithm, n));
}

/// The other five tensors, whose gradients the roles left tile by tile.
template <class Arithmetic>
void Update<Arithmetic>::update_thin(Agent<Arithmetic>& agent, const UpdateConstants<T>& c,
                                     Network n, T* gradients) {
  const int h = shape_.hidden;
  const NetworkLayout l = network_layout(shape_, n);
  const ThinGradient<T> sum = agent.scratch(n).sum_of_tiles();
  const auto copies = [&agent](Network network) -> WeightCopies<Arithmetic>& {
    return agent.copies[static_cast<size_t>(network)];
  };
  for (int i = 0; i < l.in; ++i) {
    const T* row = sum.w1t + product(copies(n).w1t_row(i), h);
    for (int j = 0; j < h; ++j) w1_gradient_[product(j, l.in) + i] = row[j];
  }
  apply(agent, c, n, l.w1, h * l.in, w1_gradient_.data(), gradients);
  apply(agent, c, n, l.b1, h, sum.w1t + product(shape_.obs, h), gradients);
  apply(agent, c, n, l.b2, h, sum.b2, gradients);
  apply(agent, c, n, l.w3, h * l.out, sum.w3, gradients);
  apply(agent, c, n, l.b3, l.out, sum.b3, gradients);
  copies(n).refresh_first_layer(agent.parameters);
  if (has_target(shape_.algorithm, n)) {
    copies(target_of(shape_.algorithm, n)).refresh_first_layer(agent.parameters);
  }
}

template <class Arithmetic>
void Update<Arithmetic>::apply(Agent<Arithmetic>& agent, const UpdateConstants<T>& c, Network n,
                               size_t offset, int count, const T* gradient, T* gradients) const {
  const AdamStep<T> adam = c.of(n);
  T* p = &agent.parameters[offset];
  T* m = &agent.adam_m[offset];
  T* v = &agent.adam_v[offset];
  for (int i = 0; i < count; ++i) adam_element(adam, gradient[i], p[i], m[i], v[i]);
  if (gradients != nullptr) std::copy_n(gradient, count, gradients + offset);
  if (has_target(shape_.algorithm, n)) {
    T* target = &agent.parameters[offset + target_distance(shape_)];
    for (int i = 0; i < count; ++i) target[i] = soft_update(c.tau, p[i], target[i]);
  }
}

template <class Arithmetic>
void update_alpha(Agent<Arithmetic>& agent, const UpdateConstants<typename Arithmetic::Real>& c,
                  double deficit, typename Arithmetic::Real* gradients) {
  const size_t at = log_alpha_offset(agent.shape);
  const auto gradient = static_cast<typename Arithmetic::Real>(-deficit);
  adam_element(c.alpha, gradient, agent.parameters[at], agent.adam_m[at], agent.adam_v[at]);
  if (gradients != nullptr) gradients[at] = gradient;
}

template class Update<Float64>;
template class Update<Float32>;
template class Update<Bf16>;
template class Update<Bf16InFloat>;
template void update_alpha(Agent<Float64>&, const UpdateConstants<double>&, double, double*);
template void update_alpha(Agent<Float32>&, const UpdateConstants<float>&, double, float*);
template void update_alpha(Agent<Bf16>&, const UpdateConstants<float>&, double, float*);
template void update_alpha(Agent<Bf16InFloat>&, const UpdateConstants<float>&, double, float*);
template AdamStep<float> adam_step(const Hyperparameters&, double, int64_t);
template AdamStep<double> adam_step(const Hyperparameters&, double, int64_t);

}  // namespace sac::cpu
