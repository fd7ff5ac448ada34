#include "host/cpu/backward.h"

#include <algorithm>

#include "host/cpu/thin_layers.h"

namespace sac::cpu {
namespace {

/// Packed rows come in products of 8, 16, ... rows.
constexpr int kPackedStep = 8;

ProductShape shape_of(int rows, int hidden) {
  return {.m = rows, .n = hidden, .k = hidden, .lda = hidden, .ldb = hidden, .ldc = hidden};
}

size_t product(int rows, int hidden) {
  return static_cast<size_t>(rows) * hidden;
}

template <class T>
auto vector(const T* p, int size) {
  return Eigen::Map<const Eigen::Matrix<T, Eigen::Dynamic, 1>>(p, size);
}

}  // namespace

template <class Arithmetic>
Backward<Arithmetic>::Backward(int rows, int hidden)
    : rows_(rows),
      hidden_(hidden),
      product_(shape_of(rows, hidden)),
      block_(product(row_block(hidden), hidden)),
      dz2_(product(rows, hidden)),
      dz1_(product(rows, hidden)) {
  for (int m = kPackedStep; m < rows + kPackedStep; m += kPackedStep) {
    packed_.emplace_back(shape_of(std::min(m, rows), hidden));
  }
  dz2_.fill(0);
}

template <class Arithmetic>
void Backward<Arithmetic>::run(const Weights& w, const NetworkInput<T>& x, const T* dy,
                               const Operand* h1, const T* h2,
                               const TileGradient<Arithmetic>& gradient) {
  std::fill(gradient.thin.w1t, gradient.thin.b3 + w.out, T(0));
  // One block of columns is the whole matrix, as the product reads it.
  Operand* dz2 = gradient.dz2.count() == 1 ? gradient.dz2.at(0, gradient.row0) : dz2_.data();
  through_head(w, dy, h2, dz2, gradient.thin);
  product_.run(dz2, w.w2, nullptr, dz1_.data());
  if (dz2 == dz2_.data()) gradient.dz2.store_rows(dz2, gradient.row0, rows_);
  through_first_layer(w, x, h1, gradient.thin);
}

template <class Arithmetic>
void Backward<Arithmetic>::action_gradient(const Weights& w, const int* rows, int count, T dy,
                                           const Operand* h1, const T* h2, T* d_action) {
  if (count == 0) return;
  for (int k = 0; k < count; ++k) {
    const T* h = row(h2, rows[k]);
    Operand* dz2 = row(dz2_.data(), k);
    for (int j = 0; j < hidden_; ++j) dz2[j] = Arithmetic::round(h[j] > 0 ? dy * w.w3[j] : T(0));
  }
  packed_[(count - 1) / kPackedStep].run(dz2_.data(), w.w2, nullptr, dz1_.data());
  for (int k = 0; k < count; ++k) {
    T* dz1 = row(dz1_.data(), k);
    mask(row(h1, rows[k]), dz1, hidden_);
    for (int d = 0; d < w.act; ++d) {
      d_action[rows[k] * w.act + d] =
          vector(dz1, hidden_).dot(vector(row(w.w1t, w.obs + 1 + d), hidden_));
    }
  }
}

template <class Arithmetic>
void Backward<Arithmetic>::through_head(const Weights& w, const T* dy, const T* h2, Operand* dz2,
                                        const ThinGradient<T>& sum) {
  for_row_blocks(rows_, hidden_, [&](int b, int count) {
    T* exact = block_.data();
    if constexpr (!kRounds<Arithmetic>) exact = row(dz2, b);
    head_backward(w, dy + b * w.out, row(h2, b), count, exact);
    add_products(dy + b * w.out, w.out, row(h2, b), count, hidden_, sum.w3);
    add_rows(exact, count, hidden_, sum.b2);
    if constexpr (kRounds<Arithmetic>) {
      round_all<Arithmetic>(exact, product(count, hidden_), row(dz2, b));
    }
  });
  add_rows(dy, rows_, w.out, sum.b3);
}

template <class Arithmetic>
void Backward<Arithmetic>::through_first_layer(const Weights& w, const NetworkInput<T>& x,
                                               const Operand* h1, const ThinGradient<T>& sum) {
  for_row_blocks(rows_, hidden_, [&](int b, int count) {
    T* dz1 = row(dz1_.data(), b);
    mask(row(h1, b), dz1, static_cast<ptrdiff_t>(count) * hidden_);
    add_products(x.obs + b * (w.obs + 1), w.obs + 1, dz1, count, hidden_, sum.w1t);
    add_products(x.action + b * w.act, w.act, dz1, count, hidden_, row(sum.w1t, w.obs + 1));
  });
}

template class Backward<Float64>;
template class Backward<Float32>;
template class Backward<Bf16>;
template class Backward<Bf16InFloat>;

}  // namespace sac::cpu
