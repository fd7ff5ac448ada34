// How a launch goes, in a line.
#pragma once

#include <chrono>
#include <string>

#include "host/training/train.h"
#include "host/training/training_view.h"

namespace sac::sweep {

/// One line at least every ten seconds, or one that changes in place. Agents that diverge are no
/// news: the ranking has them.
class LaunchView final : public training::TrainingView {
 public:
  /// `title` says what is launched.
  LaunchView(std::string title, const training::Output& output);
  /// Takes away what is live.
  ~LaunchView() override;

  void note(const std::string&) override {}
  void warn(const std::string& line) override;
  void failed(size_t, const std::string&) override {}
  void tick(const training::RunRecord& record) override;
  void evaluated(const training::RunRecord& record) override { tick(record); }

 private:
  using Clock = std::chrono::steady_clock;

  std::string title_;
  const training::Output& output_;
  Clock::time_point shown_ = Clock::now();
};

}  // namespace sac::sweep
