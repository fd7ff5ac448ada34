// The training loop: collect and learn, evaluate, log, checkpoint, stop.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

#include "host/base/learner.h"
#include "host/training/config.h"
#include "host/training/interrupts.h"
#include "host/training/progress.h"
#include "host/training/run_directory.h"
#include "host/training/run_record.h"
#include "host/training/slice_length.h"

namespace sac::training {

/// Runs one training. What happens depends on the configuration alone; time only decides how many
/// cycles go into one call of the learner, and when --time-limit ends the run.
class Trainer {
 public:
  /// All must outlive the trainer; the learner is fresh.
  Trainer(const TrainConfig& config, Learner& learner, RunDirectory& directory,
          ProgressDisplay& progress, const Interrupts& interrupts);

  /// Trains until solved or a limit, and leaves checkpoint and summary behind, also if interrupted.
  RunRecord run();

 private:
  using Clock = std::chrono::steady_clock;

  void warm_up();
  void train_slice();
  void timed(SliceLength& slices, int64_t cycles, const std::function<void(int64_t)>& work);
  int64_t cycles_to_evaluation() const;
  int64_t cycles_to_limit() const;
  void evaluate();
  void note_evaluation(const std::vector<Evaluation>& evaluations);
  void save();
  void finish();
  StopReason stop_reason() const;

  const TrainConfig& config_;
  Learner& learner_;
  RunDirectory& directory_;
  ProgressDisplay& progress_;
  const Interrupts& interrupts_;
  const env::EnvironmentInfo& environment_;
  const Clock::time_point start_ = Clock::now();
  const int64_t cycles_per_evaluation_;
  SliceLength slices_;
  RunRecord record_;
  uint64_t evaluations_ = 0;
  int64_t evaluated_updates_ = -1;
  bool diverged_ = false;
  bool warned_ = false;  ///< of the losses
};

}  // namespace sac::training
