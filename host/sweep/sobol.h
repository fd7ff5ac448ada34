// The Sobol sequence: points that fill a cube more evenly than random ones.
#pragma once

#include <cstdint>

namespace sac::sweep {

inline constexpr int kSobolDimensions = 10;

/// Coordinate `dimension`, counted from 0, of point `index`, in units of 2^-32. Joe and Kuo's
/// direction numbers (new-joe-kuo-6). Of the first 2^m points each coordinate has one in every
/// interval of length 2^-m; an exclusive or with any number keeps it so.
uint32_t sobol(uint32_t index, int dimension);

}  // namespace sac::sweep
