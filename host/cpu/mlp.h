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
  TileMlp(int rows, int hidden, Precision operands)
      : rows_(rows),
        hidden_(hidden),
        forward_({.m = rows,
                  .n = hidden,
                  .k = hidden,
                  .lda = hidden,
                  .ldb = hidden,
                  .ldc = hidden,
                  .bias_relu = true,
                  .operands = operands}),
        backward_({.m = rows,
                   .n = hidden,
                   .k = hidden,
                   .lda = hidden,
                   .ldb = hidden,
                   .ldc = hidden,
                   .operands = operands}) {
    for (int m = kPackedStep; m < rows + kPackedStep; m += kPackedStep) {
      packed_.emplace_back(ProductShape{.m = std::min(m, rows),
                                        .n = hidden,
                                        .k = hidden,
                                        .lda = hidden,
                                        .ldb = hidden,
                                        .ldc = hidden,
                                        .operands = operands});
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
    mask(h1, dz1, static_cast<ptrdiff_t>(rows_) * hidden_);
  }

  /// d_action = dy dQ/da for the `count` tile rows listed in `rows`; other rows are left alone.
  /// Works on just these rows, packed together; `dz2` and `dz1` [rows, H] are scratch.
  void action_gradient(const NetworkWeights<T>& w, const int* rows, int count, T dy, const T* h1,
                       const T* h2, T* dz2, T* dz1, T* d_action) {
    if (count == 0) return;
    for (int k = 0; k < count; ++k) {
      T* row = at(dz2, k);
      for (int j = 0; j < hidden_; ++j) row[j] = dy * w.w3[j];
      mask(at(h2, rows[k]), row, hidden_);
    }
    packed_[static_cast<size_t>((count - 1) / kPackedStep)].run(dz2, w.w2, nullptr, dz1);
    for (int k = 0; k < count; ++k) mask(at(h1, rows[k]), at(dz1, k), hidden_);
    const Eigen::Map<const Matrix> packed(dz1, count, hidden_);
    Eigen::Map<Vector> dq(dz2, count);  // dz2 has done its duty
    for (int d = 0; d < w.act; ++d) {
      dq.noalias() = packed * Eigen::Map<const Vector>(at(w.w1t, w.obs + 1 + d), hidden_);
      for (int k = 0; k < count; ++k) d_action[rows[k] * w.act + d] = dq[k];
    }
  }

 private:
  using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using Vector = Eigen::Matrix<T, Eigen::Dynamic, 1>;

  /// Packed rows come in products of 8, 16, ... rows.
  static constexpr int kPackedStep = 8;

  const T* at(const T* matrix, int row) const {
    return matrix + static_cast<ptrdiff_t>(row) * hidden_;
  }
  T* at(T* matrix, int row) const { return matrix + static_cast<ptrdiff_t>(row) * hidden_; }

  /// dz = dz . 1[h > 0].
  static void mask(const T* h, T* dz, ptrdiff_t size) {
    for (ptrdiff_t i = 0; i < size; ++i) dz[i] = h[i] > 0 ? dz[i] : T(0);
  }

  void first_layer(const NetworkWeights<T>& w, const T* obs, const T* action, T* h1) const {
    int b = 0;
    for (; b + 4 <= rows_; b += 4) first_layer_rows<4>(w, obs, action, b, h1);
    for (; b < rows_; ++b) first_layer_rows<1>(w, obs, action, b, h1);
  }

  /// R rows at a time, so that a weight is loaded once for all of them.
  template <int R>
  void first_layer_rows(const NetworkWeights<T>& w, const T* obs, const T* action, int row0,
                        T* h1) const {
    const T* s = obs + static_cast<ptrdiff_t>(row0) * (w.obs + 1);
    const T* a = action + static_cast<ptrdiff_t>(row0) * w.act;
    for_column_chunks<16>(hidden_, [&]<int W>(int j) {
      Lanes<T, W> z[R];
      for (Lanes<T, W>& row : z) row = load<W>(at(w.w1t, w.obs) + j);
      for (int i = 0; i < w.obs; ++i) {
        const Lanes<T, W> weight = load<W>(at(w.w1t, i) + j);
        for (int r = 0; r < R; ++r) z[r] += s[r * (w.obs + 1) + i] * weight;
      }
      for (int d = 0; d < w.act; ++d) {
        const Lanes<T, W> weight = load<W>(at(w.w1t, w.obs + 1 + d) + j);
        for (int r = 0; r < R; ++r) z[r] += a[r * w.act + d] * weight;
      }
      for (int r = 0; r < R; ++r) store_to<W>(at(h1, row0 + r) + j) = z[r].max(T(0));
    });
  }

  void head_backward(const NetworkWeights<T>& w, const T* dy, const T* h2, T* dz2) const {
    for (int b = 0; b < rows_; ++b) {
      const T* dy_row = dy + static_cast<ptrdiff_t>(b) * w.out;
      T* row = at(dz2, b);
      for (int j = 0; j < hidden_; ++j) row[j] = dy_row[0] * w.w3[j];
      for (int o = 1; o < w.out; ++o) {
        const T* w3 = at(w.w3, o);
        for (int j = 0; j < hidden_; ++j) row[j] += dy_row[o] * w3[j];
      }
      mask(at(h2, b), row, hidden_);
    }
  }

  int rows_, hidden_;
  Product<T> forward_, backward_;
  std::vector<Product<T>> packed_;  ///< as backward_, for the first 8, 16, ... rows
};

}  // namespace sac
