#include "host/commands/sweep_command.h"

#include <fmt/format.h>

#include <memory>

#include "host/base/limits.h"
#include "host/commands/commands.h"
#include "host/commands/options.h"
#include "host/commands/train_options.h"
#include "host/sweep/swept_parameter.h"

namespace sac::commands {
namespace {

constexpr Range<int> kTrials{1, 100'000};

// Train's options, but for those that are about a single run.
void add_options_of_train(CLI::App& command, training::TrainOptions& options) {
  add_train_options(command, options);
  add_train_hyperparameters(command, options);
  add_train_limits(command, options);
  for (const char* name : {"--resume", "--time-limit"}) {
    command.remove_option(command.get_option(name));
  }
  command.get_option("--out")->description(
      "Directory of the sweep (default: runs/sweep-<env>-<seed>); one that holds this very sweep "
      "is gone on with");
  command.get_option("--agents")
      ->description("Agents of one launch, at most (default: as many as the memory holds)");
  command.get_option("--seed")->description(
      "Draws the points; agent p of trial t uses seed + t x --seeds + p (default: 0)");
}

}  // namespace

void add_sweep(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand(
      "sweep", "Train many trials side by side, each with its own hyperparameters");
  const auto options = std::make_shared<sac::sweep::SweepOptions>();
  command
      ->add_option("--set", options->set,
                   fmt::format("What to vary, once per option: NAME=LOW:HIGH, NAME=LOW:HIGH:log or "
                               "NAME=VALUE,VALUE,... of {}",
                               sac::sweep::options_to_sweep()))
      ->option_text("NAME=VALUES")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->expected(1, CLI::detail::expected_max_vector_size);
  command
      ->add_option("--points", options->points,
                   "sobol: quasi-random; random; grid: all combinations of listed values; or a CSV "
                   "file with a column per option (default: sobol)")
      ->option_text("HOW");
  add_number(*command, "--trials", options->trials, kTrials, "Points (default: 16)");
  add_number(*command, "--seeds", options->seeds, allowed::agents, "Agents per trial (default: 4)");
  command->add_flag("--halving", options->halving,
                    "End the worse half of the trials after a half, a quarter, an eighth and a "
                    "sixteenth of the updates");
  add_options_of_train(*command, options->train);
  command->footer(
      "Every trial leaves a run directory, DIR/trial-0007, the one that train would make of its "
      "options; DIR/ranking.csv and ranking.json have them by the interquartile mean of their "
      "agents' best returns. The same command again goes on after a kill.\n\n"
      "Examples:\n"
      "  sac_cuda sweep --env Pendulum-v1 --set policy-lr=1e-4:1e-2:log --set tau=0.005,0.02,0.1 "
      "--trials 64 --halving --out DIR\n"
      "  sac_cuda report DIR --out sweep.html\n");
  command->callback([options, &exit_code] { exit_code = sweep(*options); });
}

}  // namespace sac::commands
