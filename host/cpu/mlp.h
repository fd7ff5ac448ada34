// The network in -> H -> H -> out on a tile of rows: forward, and back to the pre-activations.
//
//   h1 = max(0, W1 x + b1)    h2 = max(0, W2 h1 + b2)    y = W3 h2 + b3
//   dz2 = (W3' dy) . 1[h2 > 0]    dz1 = (W2' dz2) . 1[h1 > 0]
//
// Matrices are row-major with one row per sample. The input is x = (s, 1, a): observations carry a
// trailing 1, so that b1 is one more row of W1', and actions come as an array of their own, so that
// nobody has to concatenate. The H x H products go to oneDNN; what is thinner is done here, one
// pass per layer, since a library call would cost more than its work.
#pragma once

#include <algorithm>
#include <vector>

#include "host/cpu/gemm.h"
#include "host/cpu/lanes.h"

namespace sac {

/// Where one network's weights are. The transposed copies are kept by the update (wave 2).
template <class T>
struct NetworkWeights {
  int obs, act, hidden, out;  ///< act is 0 for networks that see no action
  const T* w1t;               ///< [obs + 1 + act, H]: W1's columns for s, b1, W1's columns for a
  const T* w2;                ///< [H, H], rows are outputs
  const T* w2t;               ///< [H, H], rows are inputs
  const T* b2;                ///< [H]
  const T* w3;                ///< [out, H]
  const T* b3;                ///< [out]
};

/// The prepared products for tiles of `rows` rows. One per worker: not thread-safe.
template <class T>
class TileMlp {
 public:
  TileMlp(int rows, int hidden)
      : rows_(rows),
        hidden_(hidden),
        forward_({.m = rows,
                  .n = hidden,
                  .k = hidden,
                  .lda = hidden,
                  .ldb = hidden,
                  .ldc = hidden,
                  .bias_relu = true}),
        backward_(
            {.m = rows, .n = hidden, .k = hidden, .lda = hidden, .ldb = hidden, .ldc = hidden}) {
    for (int m = kPackedStep; m < rows + kPackedStep; m += kPackedStep) {
      packed_.emplace_back(ProductShape{.m = std::min(m, rows),
                                        .n = hidden,
                                        .k = hidden,
                                        .lda = hidden,
                                        .ldb = hidden,
                                        .ldc = hidden});
    }
  }

  int rows() const { return rows_; }

  /// obs [rows, O + 1], action [rows, A] (not read if the network sees none) -> h1, h2 [rows, H].
  void forward(const NetworkWeights<T>& w, const T* obs, const T* action, T* h1, T* h2) {
    first_layer(w, obs, action, h1);
    forward_.run(h1, w.w2t, w.b2, h2);
  }

  /// h2 [rows, H] -> y [rows, out].
  void head(const NetworkWeights<T>& w, const T* h2, T* y) const {
    using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    using Vector = Eigen::Matrix<T, Eigen::Dynamic, 1>;
    const Eigen::Map<const Matrix> h(h2, rows_, hidden_);
    for (int o = 0; o < w.out; ++o) {
      const Eigen::Map<const Vector> row(w.w3 + static_cast<ptrdiff_t>(o) * hidden_, hidden_);
      Eigen::Map<Vector, 0, Eigen::InnerStride<>> column(y + o, rows_, Eigen::InnerStride<>(w.out));
      column.setConstant(w.b3[o]);
      column.noalias() += h * row;
    }
  }

  /// dy [rows, out] -> dz2, dz1 [rows, H].
  void backward(const NetworkWeights<T>& w, const T* dy, const T* h1, const T* h2, T* dz2, T* dz1) {
    head_backward(w, dy, h2, dz2);
    backward_.run(dz2, w.w2, nullptr, dz1);
    const ptrdiff_t size = static_cast<ptrdiff_t>(rows_) * hidden_;
    for (ptrdiff_t i = 0; i < size; ++i) dz1[i] = h1[i] > 0 ? dz1[i] : T(0);
  }

  /// d_action = dy dQ/da for the `count` tile rows listed in `rows`; other rows are left alone.
  /// Works on just these rows, packed together; `dz2` and `dz1` [rows, H] are scratch.
  void action_gradient(const NetworkWeights<T>& w, const int* rows, int count, T dy, const T* h1,
                       const T* h2, T* dz2, T* dz1, T* d_action) {
    if (count == 0) return;
    for_column_chunks(hidden_, [&]<int W>(int j) {
      const Lanes<T, W> gradient = dy * load<W>(w.w3 + j);
      for (int k = 0; k < count; ++k) {
        store_to<W>(at(dz2, k) + j) = (load<W>(at(h2, rows[k]) + j) > T(0)).select(gradient, T(0));
      }
    });
    packed_[static_cast<size_t>((count - 1) / kPackedStep)].run(dz2, w.w2, nullptr, dz1);
    for (int k = 0; k < count; ++k) {
      for (int d = 0; d < w.act; ++d) {
        const T* w1_row = at(w.w1t, w.obs + 1 + d);
        d_action[rows[k] * w.act + d] = masked_dot(at(dz1, k), w1_row, at(h1, rows[k]));
      }
    }
  }

 private:
  /// Packed rows come in products of 8, 16, ... rows.
  static constexpr int kPackedStep = 8;

  const T* at(const T* matrix, int row) const {
    return matrix + static_cast<ptrdiff_t>(row) * hidden_;
  }
  T* at(T* matrix, int row) const { return matrix + static_cast<ptrdiff_t>(row) * hidden_; }

  /// Sum over j of x[j] y[j] where h[j] > 0.
  T masked_dot(const T* x, const T* y, const T* h) const {
    T sum = 0;
    for_column_chunks(hidden_, [&]<int W>(int j) {
      const Lanes<T, W> products = load<W>(x + j) * load<W>(y + j);
      sum += (load<W>(h + j) > T(0)).select(products, T(0)).sum();
    });
    return sum;
  }

  void first_layer(const NetworkWeights<T>& w, const T* obs, const T* action, T* h1) const {
    const ptrdiff_t h = hidden_;
    for_column_chunks(hidden_, [&]<int W>(int j) {
      const T* column = w.w1t + j;
      for (int b = 0; b < rows_; ++b) {
        const T* s = obs + static_cast<ptrdiff_t>(b) * (w.obs + 1);
        const T* a = action + static_cast<ptrdiff_t>(b) * w.act;
        Lanes<T, W> z = load<W>(column + w.obs * h);
        for (int i = 0; i < w.obs; ++i) z += s[i] * load<W>(column + i * h);
        for (int d = 0; d < w.act; ++d) z += a[d] * load<W>(column + (w.obs + 1 + d) * h);
        store_to<W>(h1 + b * h + j) = z.max(T(0));
      }
    });
  }

  void head_backward(const NetworkWeights<T>& w, const T* dy, const T* h2, T* dz2) const {
    for_column_chunks(hidden_, [&]<int W>(int j) {
      for (int b = 0; b < rows_; ++b) {
        const ptrdiff_t at = static_cast<ptrdiff_t>(b) * hidden_ + j;
        Lanes<T, W> d = dy[static_cast<ptrdiff_t>(b) * w.out] * load<W>(w.w3 + j);
        for (int o = 1; o < w.out; ++o) {
          d += dy[static_cast<ptrdiff_t>(b) * w.out + o] *
               load<W>(w.w3 + static_cast<ptrdiff_t>(o) * hidden_ + j);
        }
        store_to<W>(dz2 + at) = (load<W>(h2 + at) > T(0)).select(d, T(0));
      }
    });
  }

  int rows_, hidden_;
  Product<T> forward_, backward_;
  std::vector<Product<T>> packed_;  ///< as backward_, for the first 8, 16, ... rows
};

}  // namespace sac
