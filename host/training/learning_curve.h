// The evaluations of a run as a curve that a terminal can draw.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/terminal/dots.h"
#include "host/terminal/text.h"
#include "host/training/run_record.h"

namespace sac::training {

class LearningCurve {
 public:
  /// After an evaluation. Returns that are not finite leave no point.
  void add(const RunRecord& record);

  bool empty() const { return points_.empty(); }

  /// The curve over gradient steps, `columns` by `rows` >= 3 characters with its axes, between the
  /// lowest and the highest value of it and of `threshold`, which is dashed. Of several agents the
  /// mean, and dots over their middle half.
  std::vector<std::string> lines(double threshold, int columns, int rows,
                                 const terminal::Paint& paint) const;

 private:
  struct Point {
    double updates;
    double mean;       ///< over all agents
    double low, high;  ///< quartiles of the agents' means
  };
  struct Range {
    double low, high;
  };
  struct Scale;
  Range range(double threshold) const;
  Scale scale(double threshold, const terminal::Dots& dots) const;
  void draw(const Scale& scale, terminal::Dots& dots) const;
  void thin_out();

  std::vector<Point> points_;  ///< of every stride_-th evaluation, and of the latest one
  int64_t added_ = 0, stride_ = 1;
  bool provisional_ = false;  ///< will the latest one go when the next one comes?
};

}  // namespace sac::training
