#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <stdexcept>

#include "host/base/environments.h"
#include "host/commands/commands.h"
#include "host/training/interrupts.h"
#include "host/training/progress.h"
#include "host/training/run_directory.h"
#include "host/training/trainer.h"

namespace sac::commands {
namespace {

void introduce(const training::TrainConfig& config, const Learner& learner,
               const training::RunDirectory& directory, training::ProgressDisplay& display) {
  const LearnerConfig& c = config.learner;
  const env::EnvironmentInfo& env = environment_info(c.environment);
  const double ratio = training::replay_ratio(c);
  if (!config.device.reason.empty()) display.note(config.device.reason);
  display.note(learner.description());
  const std::string agents = c.agents == 1 ? "" : fmt::format(" for each of {} agents", c.agents);
  display.note(fmt::format(
      "{}: {} environments{}, seed {}, preset {}; solved at a mean return of {} over {} episodes",
      env.id, c.envs, agents, c.seed, config.preset, env.solved_at, env.solved_episodes));
  display.note(fmt::format("memory: {:.0f} MB, of which the replay of {} transitions {:.0f} MB",
                           static_cast<double>(learner.memory_bytes()) / 1e6, c.replay_capacity,
                           training::replay_bytes(c) / 1e6));
  display.note(fmt::format("replay ratio: {:.4g} ({} updates x batch {} / {} new transitions)",
                           ratio, c.updates_per_step, c.batch, c.envs));
  if (training::leaves_more_unlearned_than_its_preset(config)) {
    display.note(
        "warning: a replay ratio below 1 leaves transitions unlearned; more "
        "--updates-per-step or fewer --envs raise it");
  }
  if (config.eval_episodes < env.solved_episodes && !config.keep_going) {
    display.note(
        fmt::format("--eval-episodes {} are too few to call it solved ({} needed): this "
                    "run ends at a limit or with Ctrl-C",
                    config.eval_episodes, env.solved_episodes));
  }
  display.note("run directory: " + directory.path().string());
}

std::string conclusion(const training::RunRecord& r) {
  std::string text = r.seconds_to_solve
                         ? fmt::format("solved in {:.1f} s of training", *r.seconds_to_solve)
                         : "not solved";
  text += fmt::format(": {} environment steps, {} updates in {:.1f} s", r.env_steps, r.updates,
                      r.wall_seconds);
  if (!r.agents.empty()) {
    text += fmt::format(", last return {:.1f} +- {:.1f}", r.returns.mean, r.returns.std);
    if (r.seconds_to_solve && !r.at_threshold) text += ", below the threshold again";
  }
  return text + fmt::format(" (stopped by: {})", training::stop_reason_name(r.stop));
}

}  // namespace

// Everything that can be wrong is found before the first file is written.
int train(const training::TrainOptions& options) {
  const training::TrainConfig config = training::resolve(options);
  training::require_usable_run_directory(config.out);
  const std::unique_ptr<Learner> learner =
      devices::make_learner(config.device.device, config.learner);
  const training::Interrupts interrupts;
  training::RunDirectory directory(config, learner->description());
  training::ProgressDisplay display(config, training::progress_mode(config.quiet), std::cout);
  introduce(config, *learner, directory, display);
  const training::RunRecord record =
      training::Trainer(config, *learner, directory, display, interrupts).run();
  display.note(conclusion(record));
  if (record.stop == training::StopReason::diverged) {
    throw std::runtime_error(
        fmt::format("training diverged: a loss is not finite after {} updates", record.updates));
  }
  return interrupts.signal() == 0 ? 0 : 128 + interrupts.signal();
}

}  // namespace sac::commands
