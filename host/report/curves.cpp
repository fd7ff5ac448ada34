#include "host/report/curves.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <span>

namespace sac::report {
namespace {

/// Of so many values the mean is as good as normal, and resampling them takes long.
constexpr size_t kMany = 50;

double mean(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

Curve finite_part(const Curve& curve) {
  Curve kept;
  for (size_t i = 0; i < curve.x.size(); ++i) {
    if (!std::isfinite(curve.x[i]) || !std::isfinite(curve.y[i])) continue;
    kept.x.push_back(curve.x[i]);
    kept.y.push_back(curve.y[i]);
  }
  return kept;
}

std::optional<double> value_at(const Curve& curve, double x, AfterEnd after_end) {
  if (x < curve.x.front()) return std::nullopt;
  const size_t above = std::ranges::lower_bound(curve.x, x) - curve.x.begin();
  if (above == curve.x.size()) {
    return after_end == AfterEnd::keeps_last ? std::optional(curve.y.back()) : std::nullopt;
  }
  if (above == 0 || curve.x[above] == x) return curve.y[above];
  const double share = (x - curve.x[above - 1]) / (curve.x[above] - curve.x[above - 1]);
  return std::lerp(curve.y[above - 1], curve.y[above], share);
}

}  // namespace

std::vector<size_t> thinned(size_t count, size_t most) {
  std::vector<size_t> places(std::min(count, most));
  for (size_t i = 0; i < places.size(); ++i) {
    places[i] = count <= most ? i : i * (count - 1) / (most - 1);
  }
  return places;
}

statistics::Interval mean_interval(const std::vector<double>& values) {
  if (values.size() == 1) return {values[0], values[0]};
  if (values.size() >= kMany) {
    const double middle = mean(values);
    double squares = 0;
    for (const double v : values) squares += (v - middle) * (v - middle);
    const double reach = kNormal * std::sqrt(squares) / static_cast<double>(values.size());
    return {middle - reach, middle + reach};
  }
  return statistics::bootstrap_interval(values, mean);
}

statistics::Interval range(const std::vector<double>& values) {
  const auto [low, high] = std::ranges::minmax(values);
  return {low, high};
}

Band band(const std::vector<Curve>& curves, size_t points, AfterEnd after_end, Edges edges) {
  std::vector<Curve> all;
  double first = std::numeric_limits<double>::infinity(), last = -first;
  for (const Curve& curve : curves) {
    if (Curve kept = finite_part(curve); !kept.x.empty()) {
      first = std::min(first, kept.x.front());
      last = std::max(last, kept.x.back());
      all.push_back(std::move(kept));
    }
  }
  Band result;
  if (all.empty()) return result;
  for (size_t i = 0; i < points; ++i) {
    // The last place is the last x itself, whatever rounding says.
    const double share = static_cast<double>(i) / static_cast<double>(points - 1);
    const double x = i + 1 == points ? last : first + share * (last - first);
    std::vector<double> values;
    for (const Curve& curve : all) {
      if (const auto value = value_at(curve, x, after_end)) values.push_back(*value);
    }
    if (values.empty()) continue;
    const statistics::Interval interval = edges(values);
    result.x.push_back(x);
    result.mean.push_back(mean(values));
    result.low.push_back(interval.low);
    result.high.push_back(interval.high);
  }
  return result;
}

}  // namespace sac::report
