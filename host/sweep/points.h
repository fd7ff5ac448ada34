// Where a sweep looks: the points in the space of its parameters.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "host/sweep/swept_parameter.h"

namespace sac::sweep {

/// A value per parameter.
using Point = std::vector<double>;

struct Points {
  std::vector<SweptParameter> parameters;
  std::vector<Point> points;
};

/// Points as `how` says: "sobol" (quasi-random, shifted by the seed) and "random" take `trials` of
/// them, 16 by default; "grid" takes every combination of listed values; anything else is a CSV
/// file that has a column per parameter, its name in the header, and a row per point. `set` are
/// the parameters as parse_swept_parameter reads them, none for a file. Throws UsageError.
Points choose_points(const std::string& how, const std::vector<std::string>& set,
                     std::optional<int> trials, uint64_t seed);

}  // namespace sac::sweep
