// Short fixed-size arrays that compile to vector instructions, for float and double alike.
#pragma once

#include <Eigen/Core>

#include "host/cpu/arithmetic.h"

namespace sac::cpu {

/// W elements side by side, with element-wise arithmetic.
template <class T, int W = 16>
using Lanes = Eigen::Array<T, W, 1>;

template <int W, class T>
auto load(const T* p) {
  return Eigen::Map<const Lanes<T, W>>(p);
}

template <int W, class T>
auto store_to(T* p) {
  return Eigen::Map<Lanes<T, W>>(p);
}

/// Rounds W numbers to operands.
template <class Arithmetic, int W>
void store_rounded(typename Arithmetic::Operand* p, const Lanes<typename Arithmetic::Real, W>& x) {
  if constexpr (kRounds<Arithmetic>) {
    for (int i = 0; i < W; ++i) p[i] = Arithmetic::round(x[i]);
  } else {
    store_to<W>(p) = x;
  }
}

/// Calls f.operator()<W>(j) for the pieces of [0, n): W = Width columns while they last, then
/// single ones.
template <int Width, class F>
void for_column_chunks(int n, const F& f) {
  int j = 0;
  for (; j + Width <= n; j += Width) f.template operator()<Width>(j);
  for (; j < n; ++j) f.template operator()<1>(j);
}

}  // namespace sac::cpu
