// The arithmetic of the CPU learner. Real is what everything is computed and kept in;
// Operand is how the factors of the H x H products are stored: activations, gradients of
// pre-activations, and copies of W2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "kernels/bf16.h"

namespace sac::cpu {

struct Float64 {
  using Real = double;
  using Operand = double;
  using Unrounded = Float64;
  static double round(double x) { return x; }
};

struct Float32 {
  using Real = float;
  using Operand = float;
  using Unrounded = Float32;
  static float round(float x) { return x; }
};

/// Operands in bf16, for processors that multiply those (has_bf16_products in gemm.h).
struct Bf16 {
  using Real = float;
  using Operand = uint16_t;
  using Unrounded = Float32;
  static uint16_t round(float x) { return to_bf16(x); }
};

/// The same operands as floats, for processors that do not: the same accuracy, no faster.
struct Bf16InFloat {
  using Real = float;
  using Operand = float;
  using Unrounded = Float32;
  static float round(float x) { return from_bf16(to_bf16(x)); }
};

/// Does an operand differ from the real number that it stands for?
template <class Arithmetic>
inline constexpr bool kRounds = !std::is_same_v<Arithmetic, typename Arithmetic::Unrounded>;

/// Rounds `count` numbers to operands.
template <class Arithmetic>
void round_all(const typename Arithmetic::Real* from, size_t count,
               typename Arithmetic::Operand* to) {
  for (size_t i = 0; i < count; ++i) to[i] = Arithmetic::round(from[i]);
}

/// Was this activation let through by its ReLU?
inline bool is_positive(double x) {
  return x > 0;
}
inline bool is_positive(float x) {
  return x > 0;
}
inline bool is_positive(uint16_t bf16) {
  return static_cast<int16_t>(bf16) > 0;
}

}  // namespace sac::cpu
