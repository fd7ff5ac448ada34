#include "host/training/learning_curve.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "host/terminal/dots.h"
#include "host/training/readable.h"

namespace sac::training {
namespace {

using terminal::Colour;

constexpr int kLabelColumns = 7;    ///< columns of the numbers beside the curve
constexpr size_t kMost = 2 * 4096;  ///< points; no terminal has as many dots in a row
constexpr int kDash = 4;            ///< dots of the threshold, and as many between them

enum Layer { kNothing, kThreshold, kBand, kMean };
constexpr std::array kColours{0, static_cast<int>(Colour::orange), static_cast<int>(Colour::faint),
                              static_cast<int>(Colour::blue)};

/// With as many digits as there is room for.
std::string label(double value) {
  std::string text;
  for (int digits = 5; digits > 0; --digits) {
    text = fmt::format("{:>{}.{}g}", value, kLabelColumns, digits);
    if (std::ssize(text) <= kLabelColumns) break;
  }
  return text;
}

double rounded(double value) {
  return std::abs(value) < 10 ? value : std::round(value);
}

}  // namespace

void LearningCurve::add(const RunRecord& record) {
  if (!std::isfinite(record.returns.mean)) return;
  std::vector<double> means;
  for (size_t p = 0; p < record.agents.size(); ++p) {
    const double mean = record.agents[p].returns.mean;
    if (!record.failed(p) && std::isfinite(mean)) means.push_back(mean);
  }
  if (means.empty()) return;
  std::ranges::sort(means);
  const size_t quarter = means.size() / 4;
  if (provisional_) points_.pop_back();
  points_.push_back({static_cast<double>(record.updates), record.returns.mean, means[quarter],
                     means[means.size() - 1 - quarter]});
  provisional_ = ++added_ % stride_ != 0;
  if (points_.size() == kMost && !provisional_) thin_out();
}

// Of each pair the second, from now on too; a run of days is drawn as fast as one of seconds.
void LearningCurve::thin_out() {
  for (size_t i = 0; i < kMost / 2; ++i) points_[i] = points_[2 * i + 1];
  points_.resize(kMost / 2);
  stride_ *= 2;
}

LearningCurve::Range LearningCurve::range(double threshold) const {
  Range range{threshold, threshold};
  for (const Point& point : points_) {
    range.low = std::min({range.low, point.mean, point.low});
    range.high = std::max({range.high, point.mean, point.high});
  }
  if (range.low == range.high) return {range.low - 1, range.high + 1};
  return range;
}

/// Where values stand among the dots.
struct LearningCurve::Scale {
  Range values;
  double last;  ///< gradient steps, at the right edge
  int width, height;

  int x(double updates) const {
    return static_cast<int>(std::lround(updates / last * (width - 1)));
  }
  int y(double value) const {
    const double share = (values.high - value) / (values.high - values.low);
    return static_cast<int>(std::lround(share * (height - 1)));
  }
};

LearningCurve::Scale LearningCurve::scale(double threshold, const terminal::Dots& dots) const {
  return {range(threshold), empty() ? 1 : std::max(points_.back().updates, 1.0), dots.width(),
          dots.height()};
}

void LearningCurve::draw(const Scale& scale, terminal::Dots& dots) const {
  for (size_t i = 0; i < points_.size(); ++i) {
    const Point& from = points_[i == 0 ? 0 : i - 1];
    const Point& to = points_[i];
    const int first = scale.x(from.updates), last = scale.x(to.updates);
    dots.line(first, scale.y(from.mean), last, scale.y(to.mean), kMean);
    if (to.low == to.high) continue;
    for (int column = first + first % 2; column <= last; column += 2) {
      const double share = last == first ? 1.0 : 1.0 * (column - first) / (last - first);
      const int top = scale.y(std::lerp(from.high, to.high, share));
      const int bottom = scale.y(std::lerp(from.low, to.low, share));
      for (int row = top + top % 2; row <= bottom; row += 2) dots.set(column, row, kBand);
    }
  }
}

std::vector<std::string> LearningCurve::lines(double threshold, int columns, int rows,
                                              const terminal::Paint& paint) const {
  const int inside = columns - kLabelColumns - 1, high = rows - 1;  // one line for the axis
  terminal::Dots dots(inside, high);
  const Scale at = scale(threshold, dots);
  for (int x = 0; x < dots.width(); ++x) {
    if (x % (2 * kDash) < kDash) dots.set(x, at.y(threshold), kThreshold);
  }
  draw(at, dots);
  std::vector<std::string> lines =
      dots.rows(paint.colours ? std::span<const int>(kColours) : std::span<const int>());
  for (int row = 0; row < high; ++row) {
    std::string left;
    if (row == 0) left = paint(Colour::faint, label(rounded(at.values.high)));
    if (row == high - 1) left = paint(Colour::faint, label(rounded(at.values.low)));
    if (row == at.y(threshold) / terminal::kDotRows) left = paint(Colour::orange, label(threshold));
    const char* axis = left.empty() ? "│" : "┤";
    lines[row] = terminal::fitted(left, kLabelColumns) + paint(Colour::frame, axis) + lines[row];
  }
  const std::string end = compact(at.last) + " updates";
  const std::string ends = empty() ? "" : "0" + fmt::format("{:>{}}", end, std::max(inside - 1, 0));
  lines.push_back(std::string(kLabelColumns + 1, ' ') +
                  paint(Colour::faint, terminal::fitted(ends, inside)));
  return lines;
}

}  // namespace sac::training
