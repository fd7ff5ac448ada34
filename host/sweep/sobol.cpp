#include "host/sweep/sobol.h"

#include <array>

namespace sac::sweep {
namespace {

/// A primitive polynomial over {0, 1} of this degree, its inner coefficients as bits, and the first
/// direction numbers.
struct Polynomial {
  int degree;
  uint32_t inner;
  std::array<uint32_t, 5> first;
};

// Of dimensions 1, 2, ...; dimension 0 is the bits of the index in reverse.
constexpr std::array<Polynomial, kSobolDimensions - 1> kPolynomials{{{1, 0, {1}},
                                                                     {2, 1, {1, 3}},
                                                                     {3, 1, {1, 3, 1}},
                                                                     {3, 2, {1, 1, 1}},
                                                                     {4, 1, {1, 1, 3, 3}},
                                                                     {4, 4, {1, 3, 5, 13}},
                                                                     {5, 2, {1, 1, 5, 5, 17}},
                                                                     {5, 4, {1, 1, 5, 5, 5}},
                                                                     {5, 7, {1, 1, 7, 11, 19}}}};

constexpr int kBits = 32;
using Directions = std::array<uint32_t, kBits>;

constexpr Directions directions(int dimension) {
  Directions v{};
  if (dimension == 0) {
    for (int i = 0; i < kBits; ++i) v[i] = 1u << (kBits - 1 - i);
    return v;
  }
  const auto& [degree, inner, first] = kPolynomials[dimension - 1];
  for (int i = 0; i < kBits; ++i) {
    if (i < degree) {
      v[i] = first[i] << (kBits - 1 - i);
      continue;
    }
    v[i] = v[i - degree] ^ (v[i - degree] >> degree);
    for (int k = 1; k < degree; ++k) {
      if (inner >> (degree - 1 - k) & 1) v[i] ^= v[i - k];
    }
  }
  return v;
}

}  // namespace

uint32_t sobol(uint32_t index, int dimension) {
  const Directions v = directions(dimension);
  uint32_t x = 0;
  for (int i = 0; index >> i != 0; ++i) {
    if (index >> i & 1) x ^= v[i];
    if (i == kBits - 1) break;
  }
  return x;
}

}  // namespace sac::sweep
