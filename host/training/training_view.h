// Who is told how a training run goes.
#pragma once

#include <string>

#include "host/training/run_record.h"

namespace sac::training {

class TrainingView {
 public:
  virtual ~TrainingView() = default;

  /// A line for whoever reads along.
  virtual void note(const std::string& line) = 0;

  /// A line that says what went wrong.
  virtual void warn(const std::string& line) = 0;

  /// An agent whose numbers are no longer finite learns no more.
  virtual void failed(size_t agent, const std::string& why) = 0;

  /// After every slice of training.
  virtual void tick(const RunRecord& record) = 0;

  /// After every evaluation.
  virtual void evaluated(const RunRecord& record) = 0;
};

}  // namespace sac::training
