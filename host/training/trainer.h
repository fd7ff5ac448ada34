// The training loop: collect and learn, evaluate, log, checkpoint, stop.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "host/base/learner.h"
#include "host/training/agent_evaluation.h"
#include "host/training/config.h"
#include "host/training/run_files.h"
#include "host/training/run_record.h"
#include "host/training/slice_length.h"
#include "host/training/training_view.h"

namespace sac::training {

/// Who may end a run early, and who is told of it. One that is empty is not called.
struct Callbacks {
  std::function<bool()> interrupted;  ///< asked by any thread, often: is the run to end?
  std::function<void(const RunRecord&)> evaluated;  ///< after every evaluation, by the trainer's
                                                    ///< thread
};

/// Runs one training. What happens depends on the configuration alone; time only decides how many
/// cycles go into one call of the learner, when states are saved, and when --time-limit ends the
/// run.
class Trainer {
 public:
  /// All must outlive the trainer. The learner is fresh, or where `record`'s run was saved.
  Trainer(const TrainConfig& config, Learner& learner, RunFiles& files, TrainingView& view,
          const Callbacks& callbacks, const RunRecord& record = {});

  /// Trains until solved or a limit, and leaves checkpoint, state and summary behind, also if
  /// interrupted. An agent that has solved the task learns no more, or, if the run keeps going, at
  /// ever lower rates (annealing.h). An interruption or --time-limit gives up an evaluation that is
  /// under way.
  RunRecord run();

 private:
  using Clock = std::chrono::steady_clock;

  void warm_up();
  void train_slice();
  void timed(SliceLength& slices, int64_t cycles, const std::function<void(int64_t)>& work);
  int64_t cycles_to_evaluation() const;
  int64_t cycles_to_limit() const;
  bool evaluation_due() const;
  void evaluate();
  void note(int agent, const AgentEvaluation& evaluation, const Losses& losses);
  void retire_solved();
  void anneal_solved();
  int count_agents(bool (RunRecord::*which)(size_t) const) const;
  void fail(size_t agent, const std::string& unsound);
  void check_losses();
  void write_first_policies();
  void after_slice();
  void save_state();
  void finish();
  double wall_seconds() const;
  bool out_of_time() const;
  bool interrupted() const;
  StopReason stop_reason() const;

  const TrainConfig& config_;
  Learner& learner_;
  RunFiles& files_;
  TrainingView& view_;
  const Callbacks& callbacks_;
  const Clock::time_point start_ = Clock::now();
  const double seconds_before_;  ///< wall-clock, of the run that goes on
  const int64_t cycles_per_evaluation_;
  Clock::time_point saved_ = start_;
  SliceLength slices_;
  RunRecord record_;
  bool warned_ = false;  ///< of the losses
};

}  // namespace sac::training
