#include "host/cpu/wave2.h"

#include <algorithm>
#include <cmath>

namespace sac {
namespace {

/// out [k, H] = X' M over `rows` rows: X [rows, k] with rows `ldx` apart, M [rows, H]. For k of a
/// few columns, where it is one pass over M; rows are added in order.
template <class T>
void thin_product(const T* x, int k, int ldx, const T* m, int rows, int hidden, T* out) {
  // Width and K together keep four to eight sums in flight, which hides the latency of adding.
  const auto columns = [&]<int K, int Width>(int i) {
    for_column_chunks<Width>(hidden, [&]<int W>(int j) {
      Lanes<T, W> sum[K];
      for (Lanes<T, W>& s : sum) s.setZero();
      for (int b = 0; b < rows; ++b) {
        const Lanes<T, W> row = load<W>(m + static_cast<ptrdiff_t>(b) * hidden + j);
        for (int q = 0; q < K; ++q) sum[q] += x[static_cast<ptrdiff_t>(b) * ldx + i + q] * row;
      }
      for (int q = 0; q < K; ++q) {
        store_to<W>(out + static_cast<ptrdiff_t>(i + q) * hidden + j) = sum[q];
      }
    });
  };
  int i = 0;
  for (; i + 6 <= k; i += 6) columns.template operator()<6, 16>(i);
  for (; i + 2 <= k; i += 2) columns.template operator()<2, 32>(i);
  for (; i < k; ++i) columns.template operator()<1, 64>(i);
}

/// out [rows, cols] = factor [rows] times M, whose rows are `ld` apart.
template <class T>
void scale_rows(const T* factor, const T* m, int rows, int cols, int ld, T* out) {
  for (int b = 0; b < rows; ++b) {
    for (int j = 0; j < cols; ++j) {
      out[static_cast<ptrdiff_t>(b) * cols + j] = factor[b] * m[static_cast<ptrdiff_t>(b) * ld + j];
    }
  }
}

size_t product(int a, int b) {
  return static_cast<size_t>(a) * static_cast<size_t>(b);
}

}  // namespace

template <class T>
AdamStep<T>::AdamStep(const Hyperparameters& h, double lr, int64_t step)
    : beta1(static_cast<T>(h.beta1)),
      beta2(static_cast<T>(h.beta2)),
      eps(static_cast<T>(h.adam_eps)),
      step_size(static_cast<T>(lr / (1 - std::pow(h.beta1, static_cast<double>(step))))),
      inv_sqrt_scale(
          static_cast<T>(1 / std::sqrt(1 - std::pow(h.beta2, static_cast<double>(step))))) {}

template <class T>
Wave2<T>::Block::Block(int block_rows, int batch, int hidden, Precision operands)
    : rows(block_rows),
      gradient({.m = rows,
                .n = hidden,
                .k = batch,
                .lda = hidden,
                .ldb = hidden,
                .ldc = hidden,
                .a_transposed = true,
                .operands = operands}),
      scaled_gradient({.m = rows,
                       .n = hidden,
                       .k = batch,
                       .lda = rows,
                       .ldb = hidden,
                       .ldc = hidden,
                       .a_transposed = true,
                       .operands = operands}),
      copy(rows, hidden, hidden, hidden) {}

template <class T>
Wave2<T>::Wave2(int batch, const Shape& s, Precision operands)
    : batch_(batch),
      shape_(s),
      tasks_(s.hidden),
      full_(std::min(s.hidden, Wave2Tasks::kBlockRows), batch, s.hidden, operands),
      last_(s.hidden - (tasks_.blocks - 1) * Wave2Tasks::kBlockRows, batch, s.hidden, operands),
      block_gradient_(product(Wave2Tasks::kBlockRows, s.hidden)),
      w1t_gradient_(product(s.obs + s.act + 1, s.hidden)),
      gradient_(product(std::max(s.obs + s.act, 2 * s.act), s.hidden)),
      value_dy_(static_cast<size_t>(batch)),
      scaled_dz2_(product(batch, Wave2Tasks::kBlockRows)),
      scaled_obs_(product(batch, s.obs + 1)) {}

template <class T>
void Wave2<T>::run(Agent<T>& agent, const UpdateConstants<T>& c, int task, T* gradients) {
  const int big = kTrainedNetworks * tasks_.blocks;
  if (task < big) {
    update_w2(agent, c, static_cast<Network>(task / tasks_.blocks), task % tasks_.blocks,
              gradients);
  } else {
    update_thin(agent, c, static_cast<Network>(task - big), gradients);
  }
}

template <class T>
double Wave2<T>::value_error(const BatchBuffers<T>& batch) {
  double sum = 0;
  const T row_weight = T(1) / static_cast<T>(batch_);
  for (size_t b = 0; b < value_dy_.size(); ++b) {
    const T error = batch.value[b] - batch.value_target[b];
    sum += 0.5 * static_cast<double>(error) * static_cast<double>(error);
    value_dy_[b] = row_weight * error;
  }
  return sum;
}

/// dW2 = dz2' h1 for a block of W2's rows (outputs).
template <class T>
void Wave2<T>::update_w2(Agent<T>& agent, const UpdateConstants<T>& c, Network n, int block,
                         T* gradients) {
  const int h = shape_.hidden;
  const int row0 = block * Wave2Tasks::kBlockRows;
  Block& prepared = block == tasks_.blocks - 1 ? last_ : full_;
  NetworkTrace<T>& trace = agent.trace(n);
  const T* dz2 = &trace.dz2[static_cast<size_t>(row0)];
  if (n == Network::v) {  // went back with dy = 1
    value_error(agent.batch);
    scale_rows(value_dy_.data(), dz2, batch_, prepared.rows, h, scaled_dz2_.data());
    prepared.scaled_gradient.run(scaled_dz2_.data(), trace.h1.data(), nullptr,
                                 block_gradient_.data());
  } else {
    prepared.gradient.run(dz2, trace.h1.data(), nullptr, block_gradient_.data());
  }
  const auto offset = [&](Network network) {
    return network_layout(shape_, network).w2 + product(row0, h);
  };
  apply(agent, c, n, offset(n), prepared.rows * h, block_gradient_.data(), gradients);
  const auto refresh = [&](Network network) {
    prepared.copy.run(&agent.parameters[offset(network)],
                      &agent.copies[static_cast<size_t>(network)].w2t[static_cast<size_t>(row0)]);
  };
  refresh(n);
  if (n == Network::v) refresh(Network::v_target);
}

/// dW1 = dz1' x, db1 = sum dz1, db2 = sum dz2, dW3 = dy' h2, db3 = sum dy. V went back with dy = 1:
/// there the true dy multiplies the rows.
template <class T>
void Wave2<T>::update_thin(Agent<T>& agent, const UpdateConstants<T>& c, Network n, T* gradients) {
  const int h = shape_.hidden;
  const NetworkLayout l = network_layout(shape_, n);
  NetworkTrace<T>& trace = agent.trace(n);
  const int obs = shape_.obs, act = l.in - obs;
  const T one = 1;
  const T *x = agent.batch.obs.data(), *dy = trace.dy.data(), *row_factor = &one;
  int row_factor_stride = 0;
  if (n == Network::pi) x = agent.batch.policy_obs.data();
  if (n == Network::v) {
    agent.value_loss = value_error(agent.batch);
    scale_rows(value_dy_.data(), x, batch_, obs + 1, obs + 1, scaled_obs_.data());
    x = scaled_obs_.data();
    dy = row_factor = value_dy_.data();
    row_factor_stride = 1;
  }

  const T* dz1 = trace.dz1.data();
  thin_product(x, obs + 1, obs + 1, dz1, batch_, h, w1t_gradient_.data());
  thin_product(agent.batch.action.data(), act, act, dz1, batch_, h,
               &w1t_gradient_[product(obs + 1, h)]);
  const ForwardCopy<T>& copy = agent.copies[static_cast<size_t>(n)];
  for (int i = 0; i < l.in; ++i) {
    const T* row = &w1t_gradient_[product(copy.w1t_row(i), h)];
    for (int j = 0; j < h; ++j) gradient_[product(j, l.in) + static_cast<size_t>(i)] = row[j];
  }
  apply(agent, c, n, l.w1, h * l.in, gradient_.data(), gradients);
  apply(agent, c, n, l.b1, h, &w1t_gradient_[product(obs, h)], gradients);

  thin_product(row_factor, 1, row_factor_stride, trace.dz2.data(), batch_, h, gradient_.data());
  apply(agent, c, n, l.b2, h, gradient_.data(), gradients);

  thin_product(dy, l.out, l.out, trace.h2.data(), batch_, h, gradient_.data());
  apply(agent, c, n, l.w3, h * l.out, gradient_.data(), gradients);
  for (int o = 0; o < l.out; ++o) {
    T sum = 0;
    for (int b = 0; b < batch_; ++b) sum += dy[product(b, l.out) + static_cast<size_t>(o)];
    gradient_[static_cast<size_t>(o)] = sum;
  }
  apply(agent, c, n, l.b3, l.out, gradient_.data(), gradients);

  agent.copies[static_cast<size_t>(n)].refresh_first_layer(agent.parameters);
  if (n == Network::v) {
    agent.copies[static_cast<size_t>(Network::v_target)].refresh_first_layer(agent.parameters);
  }
}

template <class T>
void Wave2<T>::apply(Agent<T>& agent, const UpdateConstants<T>& c, Network n, size_t offset,
                     int count, const T* gradient, T* gradients) const {
  const AdamStep<T> adam = c.of(n);
  T* p = &agent.parameters[offset];
  T* m = &agent.adam_m[offset];
  T* v = &agent.adam_v[offset];
  for (int i = 0; i < count; ++i) {
    const T g = gradient[i];
    m[i] = adam.beta1 * m[i] + (1 - adam.beta1) * g;
    v[i] = adam.beta2 * v[i] + (1 - adam.beta2) * g * g;
    p[i] -= adam.step_size * m[i] / (std::sqrt(v[i]) * adam.inv_sqrt_scale + adam.eps);
  }
  if (gradients != nullptr) std::copy_n(gradient, count, gradients + offset);
  if (n == Network::v) {
    const size_t shift =
        network_layout(shape_, Network::v_target).w1 - network_layout(shape_, Network::v).w1;
    T* target = &agent.parameters[offset + shift];
    for (int i = 0; i < count; ++i) target[i] = c.tau * p[i] + (1 - c.tau) * target[i];
  }
}

template class Wave2<float>;
template class Wave2<double>;
template struct AdamStep<float>;
template struct AdamStep<double>;

}  // namespace sac
