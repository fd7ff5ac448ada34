// What is thinner than H x H in a network, on a few rows at a time: the first layer, the head,
// their backward passes and their gradients. A library call would cost more than its work.
//
// Matrices are row-major with one row per sample, [rows, H] without gaps.
#pragma once

#include <algorithm>

#include "host/cpu/arithmetic.h"
#include "host/cpu/lanes.h"
#include "kernels/layout.h"

namespace sac::cpu {

/// Rows that are worked on together: as many as stay in the first-level cache.
inline int row_block(int hidden) {
  return std::max(1, 2048 / hidden);
}

/// Calls f(first, count) for the blocks of rows [0, rows).
template <class F>
void for_row_blocks(int rows, int hidden, const F& f) {
  const int block = row_block(hidden);
  for (int b = 0; b < rows; b += block) f(b, std::min(block, rows - b));
}

/// R rows of h1 = max(0, W1' x), a weight loaded once for all of them.
template <int R, class Arithmetic, class T = typename Arithmetic::Real>
void first_layer_rows(const NetworkWeights<Arithmetic>& w, const NetworkInput<T>& x,
                      typename Arithmetic::Operand* h1) {
  const auto weights = [&](int i) { return w.w1t + static_cast<ptrdiff_t>(i) * w.hidden; };
  for_column_chunks<16>(w.hidden, [&]<int W>(int j) {
    Lanes<T, W> z[R];
    for (Lanes<T, W>& row : z) row = load<W>(weights(w.obs) + j);
    for (int i = 0; i < w.obs; ++i) {
      const Lanes<T, W> weight = load<W>(weights(i) + j);
      for (int r = 0; r < R; ++r) z[r] += x.obs[r * (w.obs + 1) + i] * weight;
    }
    for (int d = 0; d < w.act; ++d) {
      const Lanes<T, W> weight = load<W>(weights(w.obs + 1 + d) + j);
      for (int r = 0; r < R; ++r) z[r] += x.action[r * w.act + d] * weight;
    }
    for (int r = 0; r < R; ++r) {
      store_rounded<Arithmetic, W>(h1 + static_cast<ptrdiff_t>(r) * w.hidden + j, z[r].max(T(0)));
    }
  });
}

template <class Arithmetic, class T = typename Arithmetic::Real>
void first_layer(const NetworkWeights<Arithmetic>& w, const NetworkInput<T>& x, int rows,
                 typename Arithmetic::Operand* h1) {
  const auto rows_from = [&](int b) {
    return NetworkInput<T>{x.obs + static_cast<ptrdiff_t>(b) * (w.obs + 1),
                           x.action + static_cast<ptrdiff_t>(b) * w.act};
  };
  int b = 0;
  for (; b + 4 <= rows; b += 4) {
    first_layer_rows<4>(w, rows_from(b), h1 + static_cast<ptrdiff_t>(b) * w.hidden);
  }
  for (; b < rows; ++b) {
    first_layer_rows<1>(w, rows_from(b), h1 + static_cast<ptrdiff_t>(b) * w.hidden);
  }
}

/// y [rows, out] = W3 h2 + b3.
template <class Arithmetic, class T = typename Arithmetic::Real>
void head(const NetworkWeights<Arithmetic>& w, const T* h2, int rows, T* y) {
  using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using Vector = Eigen::Matrix<T, Eigen::Dynamic, 1>;
  const Eigen::Map<const Matrix> h(h2, rows, w.hidden);
  for (int o = 0; o < w.out; ++o) {
    const Eigen::Map<const Vector> row(w.w3 + static_cast<ptrdiff_t>(o) * w.hidden, w.hidden);
    Eigen::Map<Vector, 0, Eigen::InnerStride<>> column(y + o, rows, Eigen::InnerStride<>(w.out));
    column.setConstant(w.b3[o]);
    column.noalias() += h * row;
  }
}

/// dz = dz . 1[h > 0].
template <class H, class T>
void mask(const H* h, T* dz, ptrdiff_t size) {
  for (ptrdiff_t i = 0; i < size; ++i) dz[i] = is_positive(h[i]) ? dz[i] : T(0);
}

/// dz2 [rows, H] = (W3' dy) . 1[h2 > 0].
template <class Arithmetic, class T = typename Arithmetic::Real>
void head_backward(const NetworkWeights<Arithmetic>& w, const T* dy, const T* h2, int rows,
                   T* dz2) {
  for (int b = 0; b < rows; ++b, dy += w.out, dz2 += w.hidden, h2 += w.hidden) {
    for (int j = 0; j < w.hidden; ++j) dz2[j] = dy[0] * w.w3[j];
    for (int o = 1; o < w.out; ++o) {
      const T* w3 = w.w3 + static_cast<ptrdiff_t>(o) * w.hidden;
      for (int j = 0; j < w.hidden; ++j) dz2[j] += dy[o] * w3[j];
    }
    mask(h2, dz2, w.hidden);
  }
}

/// Rows i .. i + K of add_products.
template <int K, class T>
void add_products_of(const T* x, int ldx, const T* m, int rows, int hidden, T* out) {
  for_column_chunks<16>(hidden, [&]<int W>(int j) {
    Lanes<T, W> sum[K];
    for (int i = 0; i < K; ++i) sum[i] = load<W>(out + static_cast<ptrdiff_t>(i) * hidden + j);
    for (int b = 0; b < rows; ++b) {
      const Lanes<T, W> row = load<W>(m + static_cast<ptrdiff_t>(b) * hidden + j);
      for (int i = 0; i < K; ++i) sum[i] += x[static_cast<ptrdiff_t>(b) * ldx + i] * row;
    }
    for (int i = 0; i < K; ++i) store_to<W>(out + static_cast<ptrdiff_t>(i) * hidden + j) = sum[i];
  });
}

/// out [k, H] += X' M over some rows: X [rows, k] without gaps, M [rows, H]. Rows are added in
/// order.
template <class T>
void add_products(const T* x, int k, const T* m, int rows, int hidden, T* out) {
  const auto at = [&](int i) { return out + static_cast<ptrdiff_t>(i) * hidden; };
  int i = 0;
  for (; i + 4 <= k; i += 4) add_products_of<4>(x + i, k, m, rows, hidden, at(i));
  for (; i + 2 <= k; i += 2) add_products_of<2>(x + i, k, m, rows, hidden, at(i));
  for (; i < k; ++i) add_products_of<1>(x + i, k, m, rows, hidden, at(i));
}

/// out [H] += the rows of M.
template <class T>
void add_rows(const T* m, int rows, int hidden, T* out) {
  for (int b = 0; b < rows; ++b, m += hidden) {
    for (int j = 0; j < hidden; ++j) out[j] += m[j];
  }
}

}  // namespace sac::cpu
