// What the commands of sac_cuda do, and the options they take, each in its allowed range or, as a
// name, still to be checked. command_line.h reads them from the command line.
//
// A command prints its results to standard output and throws UsageError for what the user can put
// right, before it writes anything.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "host/files/step_file.h"
#include "host/gradcheck/gradcheck.h"
#include "host/sweep/plan.h"
#include "host/training/config.h"
#include "kernels/layout.h"

namespace sac::commands {

/// sac_cuda [train]: trains until the environment is solved. Returns 0, or 128 + signal if the run
/// was interrupted. Throws std::runtime_error if training diverges.
int train(const training::TrainOptions& options);

/// sac_cuda sweep: trains the trials of a sweep and ranks them. Returns 0, or 128 + signal if it
/// was interrupted.
int sweep(const sac::sweep::SweepOptions& options);

struct EvaluateOptions {
  std::string checkpoint, env;  ///< env is empty: the checkpoint's
  std::string device = "auto";
  int episodes = 100;
  uint64_t seed = 0;
  bool stochastic = false;  ///< sampled actions; else the policy's mean
  bool json = false;
};

/// sac_cuda evaluate: plays whole episodes with a checkpoint's policy.
void evaluate(const EvaluateOptions& options);

struct ExportOptions {
  std::string run, target;  ///< whose policy, and the file to write
  std::string env;          ///< empty: the checkpoint's
};

/// sac_cuda export: writes a policy in a form that other programs run, by the target's ending.
void export_policy(const ExportOptions& options);

struct PlayOptions {
  std::string run, env;       ///< env is empty: the checkpoint's
  std::string gif, webp;      ///< the file to write, one of them; empty: play on the terminal
  uint64_t seed = 0;          ///< of the first start state
  double seconds = kForEver;  ///< of the episode, at most; in a file alone

  static constexpr double kForEver = std::numeric_limits<double>::infinity();
};

/// sac_cuda play: shows a policy at work. Returns 0, or 128 + signal if one ended it.
int play(const PlayOptions& options);

struct CompareOptions {
  std::vector<std::string> runs;  ///< run directories
  bool json = false;
};

/// sac_cuda compare: prints what finished runs came to, in groups that differ in their options.
void compare(const CompareOptions& options);

struct ReportOptions {
  std::vector<std::string> runs;  ///< run directories
  std::string out;                ///< the file to write
};

/// sac_cuda report: writes one HTML page of what finished runs did and what their policies do.
void report(const ReportOptions& options);

struct StepOptions {
  std::string inputs, outputs;
  devices::Request compute;
  bool reference = false;  ///< the double reference on the CPU
};

/// The gradient step that the inputs describe, on the device that is asked for; in double on the
/// CPU if inputs.dtype is f64. Completes the configuration of the inputs. A GPU that is passed over
/// is told of on standard error.
StepResult gradient_step(files::StepInputs& inputs, const devices::Request& compute);

/// sac_cuda step: one gradient step from a file to a file, to check the learner from outside.
void step(const StepOptions& options);

struct GradcheckOptions {
  devices::Request compute;
  Shape shape{.obs = 5, .act = 1, .hidden = 64};
  int batch = 64;
  uint64_t seed = 0;
};

/// The checks and what was checked: the learner's and the reference's description, and why it is
/// this learner.
struct GradcheckResult {
  sac::gradcheck::CheckedLearners checks;
  std::string learner, reference, reason;
};

/// Checks this machine's learner. `begin` is called before the work, with everything but the
/// checks, and `report` with the share of the work that is done.
GradcheckResult check_learner(const GradcheckOptions& options,
                              const std::function<void(const GradcheckResult&)>& begin,
                              const sac::gradcheck::ReportShare& report);

/// sac_cuda gradcheck: is this machine's learner right? Returns 1 if a check fails, else 0.
int gradcheck(const GradcheckOptions& options);

struct SimulateOptions {
  std::string environment{};           ///< empty: the default one
  std::string actions{};               ///< path of a CSV file with a column "action"
  std::optional<std::string> state{};  ///< start state (start_state.h); else a reset by the seed
  bool in_double = false;              ///< double instead of float
  uint64_t seed = 0;
  std::string device = "auto";
};

/// sac_cuda simulate: prints the trajectory of one environment under given actions to `out`: t, the
/// state, the cosine and sine of a state called theta, action, reward, terminated, truncated, with
/// 17 digits. A row holds the state before its step, the action as given, and what the step
/// returned; the last row holds the final state. Episodes do not end: what follows a terminating
/// step, or the step limit, goes on from where it is, and a line to `notes` says so.
void simulate(const SimulateOptions& options, std::ostream& out, std::ostream& notes);

/// sac_cuda devices: prints what there is to compute on.
void devices();

}  // namespace sac::commands
