// What a run tells its user: a line per evaluation, and on a terminal a live panel below them.
#pragma once

#include <chrono>
#include <ostream>
#include <string>

#include "host/terminal/text.h"
#include "host/training/config.h"
#include "host/training/learning_curve.h"
#include "host/training/run_record.h"
#include "host/training/training_view.h"

namespace sac::training {

enum class ProgressMode {
  quiet,  ///< nothing at all
  lines,  ///< a line per evaluation, and one at least every ten seconds
  live,   ///< a line per evaluation, and below them a panel, or a line where there is no room for
          ///< one, that changes in place
};

/// live if standard output is a terminal that can move its cursor.
ProgressMode progress_mode(bool quiet);

/// Time, time left, evaluation return, counts and rates; one line without its end.
std::string progress_line(const TrainConfig& config, const RunRecord& record);

/// Time, return and counts of an evaluation: what a panel below it does not keep. Counts that do
/// not fit into so many columns are left out.
std::string evaluation_line(const RunRecord& record, int columns);

/// Live, the cursor waits where the next line will come, above the panel. So nothing has to be put
/// right afterwards: whoever else writes, a signal's message or a shell, writes over the panel; and
/// however the terminal changes its size, the next panel begins at the same place.
class ProgressDisplay final : public TrainingView {
 public:
  /// `out` must outlive the display.
  ProgressDisplay(const TrainConfig& config, ProgressMode mode, std::ostream& out);

  /// Takes away what is live.
  ~ProgressDisplay() override;

  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

  /// A line that stays; above a panel it comes with the next one.
  void note(const std::string& line) override;

  /// A line on standard error that says what went wrong, also if all else is quiet.
  void warn(const std::string& line) override;

  void failed(size_t agent, const std::string& why) override;

  /// Draws ten times a second at most.
  void tick(const RunRecord& record) override;

  /// A line that stays.
  void evaluated(const RunRecord& record) override;

  /// At the end: the last panel stays.
  void ended(const RunRecord& record);

 private:
  using Clock = std::chrono::steady_clock;
  void draw(const RunRecord& record);
  std::string live_part(const RunRecord& record, bool stays) const;
  void take_away();

  const TrainConfig& config_;
  ProgressMode mode_;
  std::ostream& out_;
  const terminal::Paint paint_{terminal::colours_wanted()};
  LearningCurve curve_;
  std::string waiting_;  ///< lines for above the next panel
  Clock::time_point drawn_ = Clock::now();
  bool open_ = false;  ///< is there something live?
};

}  // namespace sac::training
