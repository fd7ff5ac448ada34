#include "host/statistics/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

namespace sac::statistics {
namespace {

constexpr double kNormal = 1.959963984540054;  // 97.5 % of a standard normal lie below
constexpr int kResamples = 10'000;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

std::vector<double> sorted(std::span<const double> values) {
  std::vector<double> copy(values.begin(), values.end());
  std::ranges::sort(copy);
  return copy;
}

// Between the two neighbours, linearly.
double quantile(std::span<const double> sorted_values, double q) {
  const double place = q * static_cast<double>(sorted_values.size() - 1);
  const auto below = static_cast<size_t>(place);
  const size_t above = std::min(below + 1, sorted_values.size() - 1);
  return std::lerp(sorted_values[below], sorted_values[above], place - std::floor(place));
}

// As many values, drawn with replacement. The generator's numbers are the same everywhere.
void resample(std::span<const double> values, std::mt19937& random, std::vector<double>& to) {
  for (double& value : to) value = values[(uint64_t{random()} * values.size()) >> 32];
}

// What 95 % of the outcomes lie between.
Interval middle_of(std::vector<double> outcomes) {
  std::ranges::sort(outcomes);
  return {quantile(outcomes, 0.025), quantile(outcomes, 0.975)};
}

// Of all pairs of one of each.
double share_larger(std::vector<double> x, std::vector<double> y) {
  std::ranges::sort(x);
  std::ranges::sort(y);
  double pairs = 0;
  size_t below = 0, not_above = 0;  // of y, than the x at hand
  for (const double value : x) {
    while (below < y.size() && y[below] < value) ++below;
    while (not_above < y.size() && y[not_above] <= value) ++not_above;
    pairs += static_cast<double>(below + not_above) / 2;
  }
  return pairs / static_cast<double>(x.size() * y.size());
}

}  // namespace

Interval share_interval(int64_t successes, int64_t count) {
  const auto n = static_cast<double>(count);
  const double share = static_cast<double>(successes) / n, z2 = kNormal * kNormal;
  const double middle = share + z2 / (2 * n);
  const double reach = kNormal * std::sqrt(share * (1 - share) / n + z2 / (4 * n * n));
  const double scale = 1 + z2 / n;
  return {std::max(0.0, (middle - reach) / scale), std::min(1.0, (middle + reach) / scale)};
}

double interquartile_mean(std::span<const double> values) {
  if (values.empty()) return kNone;
  const std::vector<double> all = sorted(values);
  const size_t cut = all.size() / 4;
  const double sum = std::accumulate(all.begin() + cut, all.end() - cut, 0.0);
  return sum / static_cast<double>(all.size() - 2 * cut);
}

double median(std::span<const double> values) {
  if (values.empty()) return kNone;
  const std::vector<double> all = sorted(values);
  const size_t half = all.size() / 2;
  if (all.size() % 2 == 1 || all[half - 1] == all[half]) return all[half];
  return (all[half - 1] + all[half]) / 2;
}

Interval bootstrap_interval(std::span<const double> values, const Statistic& statistic) {
  if (values.empty()) return {kNone, kNone};
  std::mt19937 random;
  std::vector<double> resampled(values.size()), outcomes(kResamples);
  for (double& outcome : outcomes) {
    resample(values, random, resampled);
    outcome = statistic(resampled);
  }
  return middle_of(outcomes);
}

Estimate probability_of_improvement(std::span<const double> x, std::span<const double> y) {
  if (x.empty() || y.empty()) return {kNone, {kNone, kNone}};
  std::mt19937 random;
  std::vector<double> some_x(x.size()), some_y(y.size()), outcomes(kResamples);
  for (double& outcome : outcomes) {
    resample(x, random, some_x);
    resample(y, random, some_y);
    outcome = share_larger(some_x, some_y);
  }
  return {share_larger({x.begin(), x.end()}, {y.begin(), y.end()}), middle_of(outcomes)};
}

}  // namespace sac::statistics
