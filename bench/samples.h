// Repeated measurements of one thing, and what is said of them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace sac::bench {

/// At least one value, in any unit.
class Samples {
 public:
  explicit Samples(std::vector<double> values) : sorted_(std::move(values)) {
    std::sort(sorted_.begin(), sorted_.end());
  }

  double low() const { return sorted_.front(); }
  double high() const { return sorted_.back(); }
  double median() const { return quantile(0.5); }

  /// The distance between the quartiles, in medians: what half of the values differ by. An outlier
  /// or two, as any machine has them, do not move it.
  double spread() const { return (quantile(0.75) - quantile(0.25)) / median(); }

  /// In ascending order.
  const std::vector<double>& values() const { return sorted_; }

  /// f of each value: microseconds into rates, for example.
  template <class F>
  Samples mapped(const F& f) const {
    std::vector<double> values;
    for (const double x : sorted_) values.push_back(f(x));
    return Samples(std::move(values));
  }

 private:
  double quantile(double q) const {
    const double at = q * static_cast<double>(sorted_.size() - 1);
    const size_t below = static_cast<size_t>(at);
    const size_t above = std::min(below + 1, sorted_.size() - 1);
    return sorted_[below] + (at - static_cast<double>(below)) * (sorted_[above] - sorted_[below]);
  }

  std::vector<double> sorted_;
};

}  // namespace sac::bench
