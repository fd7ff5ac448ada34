// Curves of several agents brought together, and made short enough for a page.
#pragma once

#include <cstddef>
#include <vector>

#include "host/statistics/statistics.h"

namespace sac::report {

/// One agent's; x rises, and of y what is not finite is left out.
struct Curve {
  std::vector<double> x, y;
};

/// Places of at most `most` >= 2 of `count` points, evenly, the first and the last among them.
std::vector<size_t> thinned(size_t count, size_t most);

/// Agents together at common places.
struct Band {
  std::vector<double> x, mean, low, high;
};

/// What becomes of an agent's curve where it has ended and others go on.
enum class AfterEnd { keeps_last, leaves };

/// The band's edges around the values of some agents.
using Edges = statistics::Interval (*)(const std::vector<double>& values);

inline constexpr double kNormal = 1.959963984540054;  ///< 97.5 % of a standard normal lie below

/// 95 % interval of the mean: by the bootstrap, or of many values as of a normal.
statistics::Interval mean_interval(const std::vector<double>& values);
/// From the lowest to the highest.
statistics::Interval range(const std::vector<double>& values);

/// The mean of the curves, between whose points lie straight lines, at `points` places from the
/// first x of all to the last. A curve counts from its own first point on.
Band band(const std::vector<Curve>& curves, size_t points, AfterEnd after_end, Edges edges);

}  // namespace sac::report
