// The network in -> H -> H -> out on a tile of rows, forward:
//
//   h1 = max(0, W1 x + b1)    h2 = max(0, W2 h1 + b2)    y = W3 h2 + b3
//
// The H x H product goes to oneDNN, bias and ReLU with it.
#pragma once

#include "host/cpu/gemm.h"
#include "host/cpu/network.h"

namespace sac::cpu {

/// The prepared product for tiles of `rows` rows. One per worker: not thread-safe.
template <class Arithmetic>
class Forward {
 public:
  using T = typename Arithmetic::Real;
  using Operand = typename Arithmetic::Operand;

  Forward(int rows, int hidden);

  int rows() const { return rows_; }

  /// x -> h1, h2 [rows, H], y [rows, out].
  void run(const NetworkWeights<Arithmetic>& w, const NetworkInput<T>& x, Operand* h1, T* h2, T* y);

 private:
  int rows_;
  Product<Operand> product_;
};

}  // namespace sac::cpu
