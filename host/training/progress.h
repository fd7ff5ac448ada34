// What a run tells its user: one live line on a terminal, plain lines elsewhere.
#pragma once

#include <chrono>
#include <optional>
#include <ostream>
#include <string>

#include "host/training/config.h"
#include "host/training/run_record.h"

namespace sac::training {

enum class ProgressMode {
  quiet,  ///< nothing at all
  lines,  ///< a line per evaluation, and one at least every ten seconds
  live,   ///< one line that changes in place
};

/// live if standard output is a terminal that can move its cursor.
ProgressMode progress_mode(bool quiet);

/// Seconds until the nearest of --steps, --updates and --time-limit at the pace so far; empty
/// without a limit, or before there is a pace.
std::optional<double> seconds_left(const TrainConfig& config, const RunRecord& record);

/// Time, time left, evaluation return, counts and rates; one line without its end.
std::string progress_line(const TrainConfig& config, const RunRecord& record);

class ProgressDisplay {
 public:
  /// `out` must outlive the display.
  ProgressDisplay(const TrainConfig& config, ProgressMode mode, std::ostream& out);

  /// A line that stays.
  void note(const std::string& line);

  /// A line on standard error that says what went wrong, also if all else is quiet.
  void warn(const std::string& line);

  /// After every slice of training.
  void tick(const RunRecord& record);

  /// After every evaluation.
  void evaluated(const RunRecord& record);

 private:
  using Clock = std::chrono::steady_clock;
  void draw(const RunRecord& record);
  void close_line();

  const TrainConfig& config_;
  ProgressMode mode_;
  std::ostream& out_;
  Clock::time_point drawn_ = Clock::now();
  bool line_open_ = false;
};

}  // namespace sac::training
