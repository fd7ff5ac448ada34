// Statistics of independent runs that learned the same task: what few runs can tell, and how
// surely.
#pragma once

#include <functional>
#include <span>

namespace sac::statistics {

/// 95 % confidence.
struct Interval {
  double low = 0, high = 0;
};

/// Wilson's score interval of a share, of which `successes` among `count` >= 1 were seen.
Interval share_interval(int64_t successes, int64_t count);

/// The mean of the middle half: a quarter of the values, rounded down, is cut off at either end.
/// NaN for no value.
double interquartile_mean(std::span<const double> values);

/// The middle one, or the mean of the middle two; infinite values may be among them. NaN for no
/// value.
double median(std::span<const double> values);

using Statistic = std::function<double(std::span<const double>)>;

/// The percentile bootstrap of 10,000 resamples: what the statistic would be of as many other runs.
/// The same values give the same interval. NaN for no value.
Interval bootstrap_interval(std::span<const double> values, const Statistic& statistic);

struct Estimate {
  double value = 0;
  Interval interval;
};

/// The chance that a value of `x` is larger than one of `y`, equal ones counted half, as the
/// Mann-Whitney test has it, and its bootstrap interval: both are resampled. NaN without values.
Estimate probability_of_improvement(std::span<const double> x, std::span<const double> y);

}  // namespace sac::statistics
