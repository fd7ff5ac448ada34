// The network in -> H -> H -> out on a tile of rows: forward, and back to the pre-activations.
//
//   h1 = max(0, W1 x + b1)    h2 = max(0, W2 h1 + b2)    y = W3 h2 + b3
//   dz2 = (W3' dy) . 1[h2 > 0]    dz1 = (W2' dz2) . 1[h1 > 0]
//
// Matrices are row-major with one row per sample. Inputs carry a trailing 1, x = (s, a, 1), so that
// b1 is one more row of W1'. The 256 x 256 products go to oneDNN; what is thinner is done here, one
// pass per layer, since a library call would cost more than its work.
#pragma once

#include "host/cpu/gemm.h"
#include "host/cpu/lanes.h"

namespace sac {

/// Where one network's weights are. The transposed copies are kept by the update (wave 2).
template <class T>
struct NetworkWeights {
  int in, hidden, out;
  const T* w1t;  ///< [in + 1, H], the last row is b1
  const T* w2;   ///< [H, H], rows are outputs
  const T* w2t;  ///< [H, H], rows are inputs
  const T* b2;   ///< [H]
  const T* w3;   ///< [out, H]
  const T* b3;   ///< [out]
};

/// The prepared products for tiles of `rows` rows. One per worker: not thread-safe.
template <class T>
class TileMlp {
 public:
  TileMlp(int rows, int hidden)
      : rows_(rows),
        hidden_(hidden),
        forward_({.m = rows, .n = hidden, .k = hidden, .lda = hidden, .ldb = hidden,
                  .ldc = hidden, .bias_relu = true}),
        backward_({.m = rows, .n = hidden, .k = hidden, .lda = hidden, .ldb = hidden,
                   .ldc = hidden}) {}

  int rows() const { return rows_; }

  /// x [rows, in + 1] -> h1, h2 [rows, H].
  void forward(const NetworkWeights<T>& w, const T* x, T* h1, T* h2) {
    first_layer(w, x, h1);
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
  void backward(const NetworkWeights<T>& w, const T* dy, const T* h1, const T* h2, T* dz2,
                T* dz1) {
    head_backward(w, dy, h2, dz2);
    backward_.run(dz2, w.w2, nullptr, dz1);
    const ptrdiff_t size = static_cast<ptrdiff_t>(rows_) * hidden_;
    for (ptrdiff_t i = 0; i < size; ++i) dz1[i] = h1[i] > 0 ? dz1[i] : T(0);
  }

  /// Gradient with respect to input column `column`: dx [rows] += dz1 W1[:, column].
  void add_input_gradient(const NetworkWeights<T>& w, const T* dz1, int column, T* dx,
                          int dx_stride) const {
    using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    using Vector = Eigen::Matrix<T, Eigen::Dynamic, 1>;
    Eigen::Map<Vector, 0, Eigen::InnerStride<>> out(dx, rows_, Eigen::InnerStride<>(dx_stride));
    out.noalias() += Eigen::Map<const Matrix>(dz1, rows_, hidden_) *
                     Eigen::Map<const Vector>(w.w1t + static_cast<ptrdiff_t>(column) * hidden_,
                                              hidden_);
  }

 private:
  void first_layer(const NetworkWeights<T>& w, const T* x, T* h1) const {
    for_column_chunks(hidden_, [&]<int W>(int j) {
      for (int b = 0; b < rows_; ++b) {
        const T* row = x + static_cast<ptrdiff_t>(b) * (w.in + 1);
        Lanes<T, W> z = load<W>(w.w1t + static_cast<ptrdiff_t>(w.in) * hidden_ + j);
        for (int i = 0; i < w.in; ++i) {
          z += row[i] * load<W>(w.w1t + static_cast<ptrdiff_t>(i) * hidden_ + j);
        }
        store_to<W>(h1 + static_cast<ptrdiff_t>(b) * hidden_ + j) = z.max(T(0));
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
};

}  // namespace sac
