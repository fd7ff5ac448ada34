#include "host/commands/train.h"
#include "host/base/environments.h"
#include "host/base/limits.h"

#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <stdexcept>

#include "host/commands/compute_options.h"
#include "host/commands/number_option.h"
#include "host/training/config.h"
#include "host/training/interrupts.h"
#include "host/training/presets.h"
#include "host/training/progress.h"
#include "host/training/run_directory.h"
#include "host/training/trainer.h"

namespace sac::commands {
namespace {

// "(default: FAST)", or both presets' values where they differ.
template <class T>
std::string by_preset(T training::Preset::*value) {
  const std::string_view environment = environment_info(0).id;
  const T fast = training::preset("fast", environment, {}).*value;
  const T article = training::preset("article", environment, {}).*value;
  if (fast == article) return fmt::format(" (default: {})", fast);
  return fmt::format(" (default: {}; article: {})", fast, article);
}

void add_options(CLI::App& app, training::TrainOptions& o) {
  app.add_option("--env", o.env, fmt::format("Environment (default: {})", environment_info(0).id))
      ->option_text("ID");
  app.add_option("--preset", o.preset,
                 "fast: tuned for the time to solve; article: the article's hyperparameters, "
                 "exactly (default: fast)")
      ->option_text("NAME");
  add_compute_options(app, o.device, o.precision, o.mlp);
  app.add_option("--out", o.out, "Run directory (default: runs/<env>-<seed>-<UTC time>)")
      ->option_text("DIR");
  add_number(app, "--seed", o.seed, allowed::seed, "Agent p uses seed + p (default: 0)");
  add_number(app, "--envs", o.envs, allowed::envs,
             "Environments per agent" + by_preset(&training::Preset::envs));
  add_number(app, "--agents", o.agents, allowed::agents,
             "Independent agents, trained side by side (default: 1)");
  add_number(app, "--threads", o.threads, allowed::threads, "CPU threads (default: all cores)");
}

void add_hyperparameters(CLI::App& app, training::TrainOptions& o) {
  const auto group = [](CLI::Option* option) { option->group("Hyperparameters"); };
  group(add_number(app, "--hidden", o.hidden, allowed::hidden,
                   "Width of both hidden layers" + by_preset(&training::Preset::hidden)));
  group(add_number(app, "--batch", o.batch, allowed::batch,
                   "Transitions per gradient step" + by_preset(&training::Preset::batch)));
  group(add_number(app, "--updates-per-step", o.updates_per_step, allowed::updates_per_step,
                   "Gradient steps per step of all environments (default: see envs/update below, "
                   "from 1 to 64; article: 1)"));
  group(
      add_number(app, "--replay-size", o.replay_size, allowed::replay_size,
                 "Transitions that the replay holds" + by_preset(&training::Preset::replay_size)));
  group(add_number(app, "--warmup", o.warmup, allowed::warmup,
                   "Transitions with uniform random actions, at least one batch (default: one step "
                   "of every environment, at least 1000)"));
  group(add_number(app, "--policy-lr", o.policy_lr, allowed::learning_rate,
                   "Learning rate of the policy" + by_preset(&training::Preset::policy_lr)));
  group(add_number(app, "--value-lr", o.value_lr, allowed::learning_rate,
                   "Learning rate of V and both Q" + by_preset(&training::Preset::value_lr)));
  group(add_number(app, "--gamma", o.gamma, allowed::gamma,
                   "Discount" + by_preset(&training::Preset::gamma)));
  group(add_number(app, "--tau", o.tau, allowed::tau,
                   "Soft update of the target network" + by_preset(&training::Preset::tau)));
  group(add_number(app, "--reward-scale", o.reward_scale, allowed::reward_scale,
                   "Multiplies the reward" + by_preset(&training::Preset::reward_scale)));
}

void add_limits(CLI::App& app, training::TrainOptions& o) {
  const auto group = [](CLI::Option* option) { option->group("Evaluation and limits"); };
  group(add_number(app, "--eval-every", o.eval_every, allowed::count,
                   "Gradient steps between evaluations, rounded up to whole steps of all "
                   "environments" +
                       by_preset(&training::Preset::eval_every)));
  group(add_number(app, "--eval-episodes", o.eval_episodes, allowed::episodes,
                   "Deterministic episodes per evaluation (default: as many as solving asks for, "
                   "64 or 100)"));
  group(add_number(app, "--steps", o.steps, allowed::count,
                   "Stop after so many environment steps (default: no limit)"));
  group(add_number(app, "--updates", o.updates, allowed::count,
                   "Stop after so many gradient steps (default: no limit)"));
  group(add_number(app, "--time-limit", o.time_limit, allowed::seconds,
                   "Stop after so many seconds by the clock (default: no limit)"));
  group(app.add_flag("--keep-going", o.keep_going, "Train on after the environment is solved"));
  group(app.add_flag("--quiet", o.quiet, "Print nothing but errors"));
}

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
    text += fmt::format(", return {:.1f} +- {:.1f}", r.returns.mean, r.returns.std);
  }
  return text + fmt::format(" (stopped by: {})", training::stop_reason_name(r.stop));
}

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

}  // namespace

CLI::App* add_train_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("train", "Train until the environment is solved");
  const auto options = std::make_shared<training::TrainOptions>();
  add_options(*command, *options);
  add_hyperparameters(*command, *options);
  add_limits(*command, *options);
  command->footer("Defaults of the preset fast that depend on the environment:\n" +
                  training::fast_preset_table());
  command->callback([options, &exit_code] { exit_code = train(*options); });
  return command;
}

}  // namespace sac::commands
