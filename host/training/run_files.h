// What a trainer leaves behind.
#pragma once

#include <string>
#include <vector>

#include "host/base/learner.h"
#include "host/training/run_record.h"

namespace sac::training {

/// The files of the agents that a trainer trains, numbered as in its learner: those of one run, or
/// of several that are trained together. Nothing here throws if a file cannot be written.
class RunFiles {
 public:
  virtual ~RunFiles() = default;

  /// The agents of the record's latest evaluation, once their policies are written.
  virtual void add_evaluation(const RunRecord& record) = 0;

  /// The policy evaluated last, and the best one so far.
  virtual void write_checkpoint(int agent, const AgentState& state, const RunRecord& record) = 0;
  virtual void write_best(int agent, const AgentState& state, const RunRecord& record) = 0;

  /// What the run can go on from; in the background.
  virtual void save_state(Snapshot snapshot, const RunRecord& record) = 0;
  /// Is one being written?
  virtual bool saving() const = 0;

  virtual void write_summary(const RunRecord& record) = 0;

  /// What could not be written, with the system's reasons, and was not told yet.
  virtual std::vector<std::string> news() = 0;
};

}  // namespace sac::training
