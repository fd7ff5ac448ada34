// One network as the products and the thin layers see it: weights, input, gradients.
#pragma once

#include "host/cpu/arithmetic.h"
#include "kernels/layout.h"

namespace sac::cpu {

/// Where one network's weights are. The copies of W1 and W2 are kept by the update.
template <class Arithmetic>
struct NetworkWeights {
  using T = typename Arithmetic::Real;
  using Operand = typename Arithmetic::Operand;

  int obs, act, hidden, out;  ///< act is 0 for networks that see no action
  const T* w1t;               ///< [obs + 1 + act, H]: W1's columns for s, b1, W1's columns for a
  const Operand* w2;          ///< [H, H], rows are outputs
  const Operand* w2t;         ///< [H, H], rows are inputs
  const T* b2;                ///< [H]
  const T* w3;                ///< [out, H]
  const T* b3;                ///< [out]
};

/// The input x = (s, 1, a) of some rows. Observations carry a trailing 1, so that b1 is one more
/// row of W1', and actions come as an array of their own, so that nobody has to concatenate.
template <class T>
struct NetworkInput {
  const T* obs;     ///< [rows, O + 1]
  const T* action;  ///< [rows, A]; null for networks that see none
};

/// Gradients of a network's thin tensors, all but W2, one after another from w1t.
template <class T>
struct ThinGradient {
  ThinGradient(T* data, const NetworkLayout& l)
      : w1t(data),
        b2(w1t + static_cast<ptrdiff_t>(l.in + 1) * l.hidden),
        w3(b2 + l.hidden),
        b3(w3 + static_cast<ptrdiff_t>(l.out) * l.hidden) {}

  static size_t size(const NetworkLayout& l) {
    return static_cast<size_t>(l.in + 2 + l.out) * l.hidden + l.out;
  }

  T* w1t;  ///< [in + 1, H], as NetworkWeights::w1t
  T* b2;   ///< [H]
  T* w3;   ///< [out, H]
  T* b3;   ///< [out]
};

}  // namespace sac::cpu
