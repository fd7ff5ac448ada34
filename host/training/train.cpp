#include "host/training/train.h"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "host/base/algorithms.h"
#include "host/base/environments.h"
#include "host/ranks/led_learner.h"
#include "host/training/agent_evaluation.h"
#include "host/training/outcomes.h"
#include "host/training/resume.h"
#include "host/training/run_directory.h"

namespace sac::training {
namespace {

std::string how_state_is_saved(const TrainConfig& config) {
  const std::string size =
      fmt::format("state: up to {:.0f} MB, saved ", state_bytes(config.learner) / 1e6);
  if (config.save_every == 0) return size + "at the end";
  return size + fmt::format("every {} s and at the end", config.save_every);
}

void introduce(const TrainConfig& config, const Learner& learner, const RunDirectory& directory,
               ProgressDisplay& display) {
  const LearnerConfig& c = config.learner;
  const env::EnvironmentInfo& env = environment_info(c.environment);
  const double ratio = training::replay_ratio(c);
  if (!config.device.reason.empty()) display.note(config.device.reason);
  display.note(learner.description());
  const std::string agents = c.agents == 1 ? "" : fmt::format(" for each of {} agents", c.agents);
  display.note(fmt::format(
      "{}: {}, {} environments{}, seed {}, preset {}; solved at a mean return of {} over {} "
      "episodes, "
      "confirmed over {} others",
      env.id, algorithm_name(c.shape.algorithm), c.envs, agents, c.seed, config.preset,
      config.target_return, config.eval_episodes, kConfirmationFactor * config.eval_episodes));
  display.note(fmt::format("memory: {:.0f} MB, of which the replay of {} transitions {:.0f} MB",
                           static_cast<double>(learner.memory_bytes()) / 1e6, c.replay_capacity,
                           replay_bytes(c) / 1e6));
  display.note(how_state_is_saved(config));
  display.note(fmt::format("replay ratio: {:.4g} ({} updates x batch {} / {} new transitions)",
                           ratio, c.updates_per_step, c.batch, c.envs));
  if (leaves_more_unlearned_than_its_preset(config)) {
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
  if (config.most_updates) {
    display.note(fmt::format("unsolved, it ends after {} updates, the preset's limit",
                             *config.most_updates));
  }
  display.note("run directory: " + directory.path().string());
}

std::string conclusion(const RunRecord& r) {
  const std::optional<double> seconds = r.seconds_to_solve();
  std::string text =
      seconds ? fmt::format("solved in {:.1f} s of training", *seconds) : "not solved";
  text += fmt::format(": {} environment steps, {} updates in {:.1f} s", r.env_steps, r.updates,
                      r.wall_seconds);
  if (r.returns.episodes > 0) {
    text += fmt::format(", last return {:.1f} +- {:.1f}", r.returns.mean, r.returns.std);
    if (seconds && !r.at_threshold) text += ", below the threshold again";
  }
  return text + fmt::format(" (stopped by: {})", stop_reason_name(r.stop));
}

// "agent 3: not finite since ...; agent 5: ..."
std::string all_failures(const RunRecord& record) {
  std::string text;
  for (size_t p = 0; p < record.failures.size(); ++p) {
    if (!record.failed(p)) continue;
    text += fmt::format("{}agent {}: {}", text.empty() ? "" : "; ", p, record.failures[p]);
  }
  return text;
}

ResumedRun starting_point(const TrainOptions& options) {
  if (!options.resume.empty()) return resume(options);
  return {resolve(options), std::nullopt, {}};
}

// Other ranks are told of no learner that cannot be made.
std::unique_ptr<Learner> make_learner(const TrainConfig& config) {
  const LearnerConfig& learner = config.learner;
  const devices::Device device = config.device.device;
  const auto make = [&](const LearnerConfig& c) { return devices::make_learner(device, c); };
  if (learner.ranks == nullptr) return make(learner);
  devices::require_served(device, learner);
  learner.ranks->from_first(device);
  return ranks::lead(learner, make);
}

}  // namespace

// Everything that can be wrong is found before the first file is written.
TrainedRun train(const TrainOptions& options, const Output& output, const Callbacks& callbacks) {
  ResumedRun start = starting_point(options);
  const TrainConfig& config = start.config;
  require_usable_run_directory(config);
  const std::unique_ptr<Learner> learner = make_learner(config);
  RunRecord record;
  std::string metrics;
  if (start.state) {
    learner->restore(start.state->snapshot);
    record = start.state->record;
    metrics = start.state->metrics;
    start.state.reset();  // as large as the replay
  }
  RunDirectory directory(config, learner->description(), metrics);
  ProgressDisplay display(config, output.mode, output.stream);
  introduce(config, *learner, directory, display);
  for (const std::string& note : start.notes) display.note(note);
  record = Trainer(config, *learner, directory, display, callbacks, record).run();
  display.ended(record);
  const std::optional<std::string> failure = directory.finish();
  display.note(conclusion(record));
  if (config.learner.agents > 1) display.note(in_words(compare(outcomes(record))));
  if (failure) throw std::runtime_error(*failure);
  if (const std::string failures = all_failures(record); !failures.empty()) {
    throw std::runtime_error("training diverged: " + failures);
  }
  return {directory.path(), std::move(record)};
}

}  // namespace sac::training
