// Backward pass of the network of forward.h, on a tile of rows:
//
//   dz2 = (W3' dy) . 1[h2 > 0]    dz1 = (W2' dz2) . 1[h1 > 0]
//
// The H x H product goes to oneDNN. The thin tensors' gradients are summed on the way, a few rows
// at a time while these are in the cache, so that h2 and dz1 never leave the tile.
#pragma once

#include <vector>

#include "host/cpu/buffer.h"
#include "host/cpu/column_blocks.h"
#include "host/cpu/gemm.h"
#include "host/cpu/network.h"

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

  Backward(int rows, int hidden);

  /// dy [rows, out] -> the gradient of every tensor but W2, and dz2, which the update makes W2's
  /// from.
  void run(const Weights& w, const NetworkInput<T>& x, const T* dy, const Operand* h1, const T* h2,
           const TileGradient<Arithmetic>& gradient);

  /// d_action = dy dQ/da for the `count` tile rows listed in `rows`; other rows are left alone.
  /// Works on just these rows, packed together.
  void action_gradient(const Weights& w, const int* rows, int count, T dy, const Operand* h1,
                       const T* h2, T* d_action);

 private:
  /// dy, h2 -> dz2, and the gradients of W3, b3 and b2.
  void through_head(const Weights& w, const T* dy, const T* h2, Operand* dz2,
                    const ThinGradient<T>& sum);
  /// The product, h1 -> dz1, and the gradients of W1 and b1.
  void through_first_layer(const Weights& w, const NetworkInput<T>& x, const Operand* h1,
                           const ThinGradient<T>& sum);

  template <class E>
  E* row(E* matrix, int index) const {
    return matrix + static_cast<ptrdiff_t>(index) * hidden_;
  }

  int rows_, hidden_;
  Product<Operand> product_;
  std::vector<Product<Operand>> packed_;  ///< as product_, for the first 8, 16, ... rows
  Buffer<T> block_;                       ///< a block of rows of dz2, before rounding
  Buffer<Operand> dz2_;                   ///< [rows, H]
  Buffer<T> dz1_;                         ///< [rows, H]
};

}  // namespace sac::cpu
