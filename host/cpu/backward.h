// The backward pass through the network of forward.h, on a tile of rows:
//
//   dz2 = (W3' dy) . 1[h2 > 0]    dz1 = (W2' dz2) . 1[h1 > 0]
//
// The H x H product goes to oneDNN. The thin tensors' gradients are summed on the way, a few rows
// at a time while these are in the cache, so that h2 and dz1 never leave the tile.
#pragma once

#include <algorithm>
#include <vector>

#include "host/cpu/buffer.h"
#include "host/cpu/column_blocks.h"
#include "host/cpu/gemm.h"
#include "host/cpu/thin_layers.h"

namespace sac::cpu {

/// Where the backward pass leaves a tile's share of a network's gradient.
template <class Arithmetic>
struct TileGradient {
  ColumnBlocks<typename Arithmetic::Operand>& dz2;  ///< [B, H], rows row0, row0 + 1, ...
  int row0;
  ThinGradient<typename Arithmetic::Real> thin;  ///< sums over the tile's rows
};

/// The prepared products and scratch memory for tiles of `rows` rows. One per worker: not
/// thread-safe.
template <class Arithmetic>
class Backward {
 public:
  using T = typename Arithmetic::Real;
  using Operand = typename Arithmetic::Operand;
  using Weights = NetworkWeights<Arithmetic>;

  Backward(int rows, int hidden)
      : rows_(rows),
        hidden_(hidden),
        product_(shape(rows)),
        block_(size(row_block(hidden))),
        dz2_(size(rows)),
        dz1_(size(rows)) {
    for (int m = kPackedStep; m < rows + kPackedStep; m += kPackedStep) {
      packed_.emplace_back(shape(std::min(m, rows)));
    }
    dz2_.fill(0);
  }

  /// dy [rows, out] -> the gradient of every tensor but W2, and dz2, which the update makes W2's
  /// from.
  void run(const Weights& w, const NetworkInput<T>& x, const T* dy, const Operand* h1, const T* h2,
           const TileGradient<Arithmetic>& gradient) {
    std::fill(gradient.thin.w1t, gradient.thin.b3 + w.out, T(0));
    // One block of columns is the whole matrix, as the product reads it.
    Operand* dz2 = gradient.dz2.count() == 1 ? gradient.dz2.at(0, gradient.row0) : dz2_.data();
    through_head(w, dy, h2, dz2, gradient.thin);
    product_.run(dz2, w.w2, nullptr, dz1_.data());
    if (dz2 == dz2_.data()) gradient.dz2.store_rows(dz2, gradient.row0, rows_);
    through_first_layer(w, x, h1, gradient.thin);
  }

  /// d_action = dy dQ/da for the `count` tile rows listed in `rows`; other rows are left alone.
  /// Works on just these rows, packed together.
  void action_gradient(const Weights& w, const int* rows, int count, T dy, const Operand* h1,
                       const T* h2, T* d_action) {
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
        d_action[rows[k] * w.act + d] = vector(dz1).dot(vector(row(w.w1t, w.obs + 1 + d)));
      }
    }
  }

 private:
  using Vector = Eigen::Matrix<T, Eigen::Dynamic, 1>;

  /// Packed rows come in products of 8, 16, ... rows.
  static constexpr int kPackedStep = 8;

  /// dy, h2 -> dz2, and the gradients of W3, b3 and b2.
  void through_head(const Weights& w, const T* dy, const T* h2, Operand* dz2,
                    const ThinGradient<T>& sum) {
    for_row_blocks(rows_, hidden_, [&](int b, int count) {
      T* exact = block_.data();
      if constexpr (!kRounds<Arithmetic>) exact = row(dz2, b);
      head_backward(w, dy + b * w.out, row(h2, b), count, exact);
      add_products(dy + b * w.out, w.out, row(h2, b), count, hidden_, sum.w3);
      add_rows(exact, count, hidden_, sum.b2);
      if constexpr (kRounds<Arithmetic>) round_all<Arithmetic>(exact, size(count), row(dz2, b));
    });
    add_rows(dy, rows_, w.out, sum.b3);
  }

  /// The product, h1 -> dz1, and the gradients of W1 and b1.
  void through_first_layer(const Weights& w, const NetworkInput<T>& x, const Operand* h1,
                           const ThinGradient<T>& sum) {
    for_row_blocks(rows_, hidden_, [&](int b, int count) {
      T* dz1 = row(dz1_.data(), b);
      mask(row(h1, b), dz1, static_cast<ptrdiff_t>(count) * hidden_);
      add_products(x.obs + b * (w.obs + 1), w.obs + 1, dz1, count, hidden_, sum.w1t);
      add_products(x.action + b * w.act, w.act, dz1, count, hidden_, row(sum.w1t, w.obs + 1));
    });
  }

  ProductShape shape(int rows) const {
    return {.m = rows, .n = hidden_, .k = hidden_, .lda = hidden_, .ldb = hidden_, .ldc = hidden_};
  }
  size_t size(int rows) const { return static_cast<size_t>(rows) * static_cast<size_t>(hidden_); }

  template <class E>
  E* row(E* matrix, int index) const {
    return matrix + static_cast<ptrdiff_t>(index) * hidden_;
  }
  auto vector(const T* p) const { return Eigen::Map<const Vector>(p, hidden_); }

  int rows_, hidden_;
  Product<Operand> product_;
  std::vector<Product<Operand>> packed_;  ///< as product_, for the first 8, 16, ... rows
  Buffer<T> block_;                       ///< a block of rows of dz2, before rounding
  Buffer<Operand> dz2_;                   ///< [rows, H]
  Buffer<T> dz1_;                         ///< [rows, H]
};

}  // namespace sac::cpu
