#include "host/commands/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <functional>
#include <iostream>
#include <memory>
#include <new>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "host/base/algorithms.h"
#include "host/base/environments.h"
#include "host/base/limits.h"
#include "host/base/usage_error.h"
#include "host/commands/commands.h"
#include "host/commands/completion.h"
#include "host/commands/config_file.h"
#include "host/commands/man_page.h"
#include "host/commands/options.h"
#include "host/commands/parse_error.h"
#include "host/commands/run_commands.h"
#include "host/commands/sweep_command.h"
#include "host/commands/train_options.h"
#include "host/training/presets.h"

namespace sac::commands {
namespace {

constexpr const char* kDescription =
    "Soft Actor-Critic with a state-value network, trained on thousands of simulated pendulums.\n";

constexpr const char* kVersion = "sac_cuda " SAC_VERSION;

constexpr const char* kExamples =
    "Examples:\n"
    "  sac_cuda                                  train on the default environment until solved\n"
    "  sac_cuda --env Pendulum-v1 --seed 7       another environment, another seed\n"
    "  sac_cuda --preset article --steps 100000  the article's setting: one environment\n"
    "  sac_cuda --resume runs/NAME --keep-going  go on with a run\n"
    "  sac_cuda evaluate runs/NAME --episodes 100\n"
    "  sac_cuda play runs/NAME                   watch it\n"
    "  sac_cuda export runs/NAME policy.onnx     run it elsewhere\n"
    "  sac_cuda gradcheck --hidden 256           is this machine's learner right?\n"
    "  sac_cuda COMMAND --help                   the options of a command\n";

/// "(default: FAST)", or both presets' values where they differ.
template <class T>
std::string by_preset(T training::Preset::*value) {
  const std::string_view environment = environment_info(0).id;
  const T fast = training::preset("fast", environment, {}).*value;
  const T article = training::preset("article", environment, {}).*value;
  if (fast == article) return fmt::format(" (default: {})", fast);
  return fmt::format(" (default: {}; article: {})", fast, article);
}

}  // namespace

void add_train_options(CLI::App& app, training::TrainOptions& o) {
  app.add_option("--env", o.env, fmt::format("Environment (default: {})", environment_info(0).id))
      ->option_text("ID");
  app.add_option("--preset", o.preset,
                 "fast: tuned for the time to solve; article: the article's hyperparameters, "
                 "exactly (default: fast)")
      ->option_text("NAME");
  app.add_option(
         "--algorithm", o.algorithm,
         fmt::format(
             "sac-v1: with a state-value network; sac-v2: with a learned temperature "
             "and targets of both Q (default: {}, or what the table below has for the task; "
             "article: sac-v1)",
             algorithm_name(training::preset("fast", environment_info(0).id, {}).algorithm)))
      ->option_text("NAME");
  add_compute_options(app, o, {.precision = "auto"});
  app.add_option(
         "--out", o.out,
         "Run directory (default: runs/<env>-<seed>-<UTC time>, or the one that is resumed)")
      ->option_text("DIR");
  app.add_option("--resume", o.resume,
                 "Go on with the run in this directory, bit for bit; its options hold, and only "
                 "limits, --threads, --out, --save-every and --device may be given anew")
      ->option_text("DIR");
  add_number(app, "--seed", o.seed, allowed::seed, "Agent p uses seed + p (default: 0)");
  add_number(app, "--envs", o.envs, allowed::envs,
             "Environments per agent" + by_preset(&training::Preset::envs));
  add_number(app, "--agents", o.agents, allowed::agents,
             "Independent agents, trained side by side (default: 1)");
  add_number(app, "--threads", o.threads, allowed::threads,
             "CPU threads (default: the processors that the process may use)");
}

void add_train_hyperparameters(CLI::App& app, training::TrainOptions& o) {
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
                   "Transitions with uniform random actions, at least one batch and at most what "
                   "the replay holds (default: one step of every environment, at least 1000)"));
  group(add_number(app, "--policy-lr", o.policy_lr, allowed::learning_rate,
                   "Learning rate of the policy" + by_preset(&training::Preset::policy_lr)));
  group(add_number(app, "--value-lr", o.value_lr, allowed::learning_rate,
                   "Learning rate of both Q, and of V" + by_preset(&training::Preset::value_lr)));
  group(add_number(app, "--gamma", o.gamma, allowed::gamma,
                   "Discount" + by_preset(&training::Preset::gamma)));
  group(add_number(app, "--tau", o.tau, allowed::tau,
                   "Soft update of the target network" + by_preset(&training::Preset::tau)));
  group(add_number(app, "--reward-scale", o.reward_scale, allowed::reward_scale,
                   "Multiplies the reward" + by_preset(&training::Preset::reward_scale)));
  group(add_number(app, "--alpha", o.alpha, allowed::alpha,
                   "sac-v2: the temperature, fixed (default: learned, from 1 on)"));
  group(
      add_number(app, "--target-entropy", o.target_entropy, allowed::target_entropy,
                 "sac-v2: the entropy of the policy that the temperature learns to reach (default: "
                 "minus the dimensions of an action)"));
}

void add_train_limits(CLI::App& app, training::TrainOptions& o) {
  const auto group = [](CLI::Option* option) { option->group("Evaluation and limits"); };
  group(add_number(app, "--eval-every", o.eval_every, allowed::count,
                   "Gradient steps between evaluations, rounded up to whole steps of all "
                   "environments" +
                       by_preset(&training::Preset::eval_every)));
  group(
      add_number(app, "--eval-episodes", o.eval_episodes, allowed::episodes,
                 "Deterministic episodes per evaluation, of start states that no other evaluation "
                 "has (default: as many as solving asks for, 64 or 100)"));
  group(add_number(app, "--target-return", o.target_return, allowed::target_return,
                   "Mean return that counts as solved, once four times as many episodes confirm it "
                   "(default: the environment's)"));
  group(add_number(app, "--steps", o.steps, allowed::count,
                   "Stop after so many environment steps (default: no limit)"));
  group(add_number(
      app, "--updates", o.updates, allowed::count,
      "Stop after so many gradient steps (default: the preset's `most` below, where no limit "
      "and no --keep-going is given)"));
  group(
      add_seconds(app, "--time-limit", o.time_limit, allowed::seconds,
                  "Stop after so much time by the clock, 90 seconds, 90s, 10m or 1h, that before "
                  "a --resume included; an evaluation under way is given up (default: no limit)"));
  group(
      add_seconds(app, "--save-every", o.save_every, allowed::save_every,
                  "Time between saves of what --resume needs; 0: only at the end (default: 60s)"));
  group(app.add_flag("--keep-going", o.keep_going, "Train on after the environment is solved"));
  group(app.add_flag("--quiet", o.quiet, "Print nothing but errors"));
}

namespace {

/// `act` is called with what was parsed.
CLI::App* add_train(CLI::App& app, std::function<void(const training::TrainOptions&)> act) {
  CLI::App* command = app.add_subcommand("train", "Train until the environment is solved");
  const auto options = std::make_shared<training::TrainOptions>();
  add_train_options(*command, *options);
  add_train_hyperparameters(*command, *options);
  add_train_limits(*command, *options);
  command->footer(
      "Whole numbers may be written 1000000, 1_000_000, 1e6 or 1M (k, M, G).\n\n"
      "Defaults of the preset fast that depend on the environment (v2: the reward scale of "
      "sac-v2):\n" +
      training::fast_preset_table());
  const auto config = std::make_shared<std::string>();
  command
      ->add_option("--config", *config,
                   "Options from a run's config.json or a TOML file; the command line wins")
      ->option_text("FILE");
  command->callback([command, options, config, act = std::move(act)] {
    if (!config->empty()) apply_config_file(*command, *config);
    act(*options);
  });
  return command;
}

void add_step(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("step", "Perform exactly one gradient step, from a file to a file");
  const auto options = std::make_shared<StepOptions>();
  devices::Request& compute = options->compute;
  command->add_option("--inputs", options->inputs, "Networks, Adam state, batch and noise")
      ->option_text("IN.safetensors")
      ->required();
  command->add_option("--outputs", options->outputs, "Parameters, gradients, losses and moments")
      ->option_text("OUT.safetensors")
      ->required();
  add_compute_options(*command, compute, {});
  command->add_flag("--double", options->reference,
                    "Compute with the double reference on the CPU and write F64; so do inputs "
                    "whose parameters are F64");
  command->callback([options] { step(*options); });
}

/// `act` is called with what was parsed.
void add_gradcheck(CLI::App& app, std::function<void(const GradcheckOptions&)> act) {
  // Finite differences go through plain loops: wider networks or larger batches would take hours.
  constexpr Range<int> kHidden{1, 512}, kBatch{1, 4096}, kObs{1, kMaxObs}, kAct{1, kMaxAct};
  CLI::App* command = app.add_subcommand(
      "gradcheck",
      "Check losses, gradients and updates against the reference, and that against "
      "finite differences");
  const auto options = std::make_shared<GradcheckOptions>();
  devices::Request& compute = options->compute;
  add_compute_options(*command, compute, {});
  command
      ->add_option_function<std::string>(
          "--algorithm",
          [options](const std::string& name) { options->shape.algorithm = algorithm_named(name); },
          fmt::format("sac-v1 or sac-v2 (default: {})", algorithm_name(options->shape.algorithm)))
      ->option_text("NAME");
  add_number(*command, "--hidden", options->shape.hidden, kHidden, "Layer width (default: 64)");
  add_number(*command, "--batch", options->batch, kBatch, "Rows of the batch (default: 64)");
  add_number(*command, "--seed", options->seed, allowed::seed,
             "Draws networks and batch (default: 0)");
  add_number(*command, "--obs", options->shape.obs, kObs, "Observation dimension (default: 5)");
  add_number(*command, "--act", options->shape.act, kAct, "Action dimension (default: 1)");
  command->callback([options, act = std::move(act)] { act(*options); });
}

void add_simulate(CLI::App& app) {
  const auto options = std::make_shared<SimulateOptions>();
  options->environment = environment_info(0).id;
  CLI::App* command = app.add_subcommand(
      "simulate", "Print an environment's trajectory under given actions as CSV");
  command->add_option("--env", options->environment, "Environment id")->capture_default_str();
  command->add_option("--actions", options->actions, "CSV file with a column 'action'")->required();
  command->add_option("--state", options->state,
                      "Start state by the names of the printed columns, in any order: "
                      "theta=3,theta_dot=0.5 (default: a reset)");
  command->add_flag("--double", options->in_double, "Compute in double instead of float");
  add_number(*command, "--seed", options->seed, allowed::seed, "Seed of the reset (default: 0)");
  command->add_option("--device", options->device, "auto or cpu")->capture_default_str();
  command->footer(
      "All actions are played: the trajectory goes on after termination and after the step limit, "
      "without a reset.");
  command->callback([options] { simulate(*options, std::cout, std::cerr); });
}

void add_devices(CLI::App& app) {
  app.add_subcommand("devices", "List what there is to compute on, and what this build holds")
      ->callback([] { devices(); });
}

OptionText text_of(const CLI::Option& option) {
  OptionText text;
  for (const std::string& name : option.get_snames()) text.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) text.names.push_back("--" + name);
  if (option.get_items_expected_max() > 0) {
    text.value =
        option.get_option_text().empty() ? option.get_type_name() : option.get_option_text();
  }
  text.help = option.get_description();
  if (const std::string standard = option.get_default_str(); !standard.empty()) {
    text.help += fmt::format(" (default: {})", standard);
  }
  text.required = option.get_required();
  return text;
}

CommandText text_of(const CLI::App& command) {
  CommandText text{command.get_name(), command.get_description(), {}, command.get_footer()};
  for (const CLI::Option* option : command.get_options()) text.options.push_back(text_of(*option));
  return text;
}

CommandTree tree_of(const CLI::App& app) {
  CommandTree tree{kVersion, text_of(app), {}};
  for (const CLI::App* command : app.get_subcommands(nullptr)) {
    tree.commands.push_back(text_of(*command));
    std::string& footer = tree.commands.back().footer;
    if (footer == tree.program.footer) footer.clear();  // inherited
  }
  return tree;
}

void add_man(CLI::App& app) {
  CLI::App* command = app.add_subcommand("man", "Print this program's man page");
  command->footer("To read it: sac_cuda man | man -l -");
  command->callback([&app] { std::cout << man_page(tree_of(app)); });
}

void add_completion(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "completion", "Print a script for bash that completes commands, options and their values");
  command->footer("For the shell that you are in: source <(sac_cuda completion)");
  command->callback([&app] { std::cout << bash_completion(tree_of(app)); });
}

// Without a command the program trains. "--" before everything else ends no options yet.
std::vector<std::string> with_command(std::vector<std::string> arguments) {
  if (!arguments.empty() && arguments[0] == "--") arguments.erase(arguments.begin());
  const bool names_one =
      !arguments.empty() && (!arguments[0].starts_with('-') || arguments[0] == "-h" ||
                             arguments[0] == "--help" || arguments[0] == "--version");
  if (!names_one) arguments.insert(arguments.begin(), "train");
  return arguments;
}

int fail(int exit_code, const std::string& message) {
  fmt::print(stderr, "sac_cuda: {}\n", one_line(message));
  return exit_code;
}

/// Throws if what was printed has not arrived. A reader that has left wants no more: no fault.
void require_printed() {
  std::signal(SIGPIPE, SIG_IGN);  // a write to a closed pipe returns EPIPE
  errno = 0;
  std::cout.flush();
  if (std::cout) return;
  if (errno == 0) {  // an earlier write failed: the next one tells why
    std::cout.clear();
    std::cout << std::endl;
  }
  if (errno == EPIPE) return;
  throw std::runtime_error(
      fmt::format("standard output cannot be written: {}", std::strerror(errno)));
}

/// Runs the command that the arguments name. Throws UsageError for what is none of the app's.
void parse(CLI::App& app, std::vector<std::string> arguments) {
  std::reverse(arguments.begin(), arguments.end());  // as the parser wants them
  try {
    app.parse(arguments);
  } catch (const CLI::Success&) {
    throw;  // help or version
  } catch (const CLI::ParseError& error) {
    throw UsageError(explain(error, app));
  }
}

/// The same; prints the help or the version that they ask for.
void parse_and_run(CLI::App& app, const CLI::App& first_command,
                   std::vector<std::string> arguments) {
  try {
    parse(app, with_command(std::move(arguments)));
  } catch (const CLI::CallForHelp&) {
    std::cout << app.help();
    if (app.get_subcommands().empty()) std::cout << '\n' << first_command.help("sac_cuda");
  } catch (const CLI::CallForVersion& version) {
    std::cout << version.what() << '\n';
  }
}

/// An app without commands yet.
void prepare(CLI::App& app) {
  app.set_version_flag("--version", kVersion);
  app.footer(kExamples);
  app.require_subcommand(0, 1);
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

/// What `add`, one of the functions above, reads of a command's arguments.
template <class Options, class Add>
Options parsed(const char* command, std::vector<std::string> arguments, const Add& add) {
  CLI::App app(kDescription, "sac_cuda");
  prepare(app);
  Options options;
  add(app, [&](const Options& read) { options = read; });
  arguments.insert(arguments.begin(), command);
  try {
    parse(app, std::move(arguments));
  } catch (const CLI::Success&) {
    throw UsageError("--help and --version are for the command line");
  }
  return options;
}

}  // namespace

int run_command(std::vector<std::string> arguments) {
  int exit_code = 0;
  CLI::App app(kDescription, "sac_cuda");
  prepare(app);
  const CLI::App* train_command =
      add_train(app, [&](const training::TrainOptions& o) { exit_code = train(o); });
  add_sweep(app, exit_code);
  add_evaluate(app);
  add_play(app, exit_code);
  add_export(app);
  add_compare(app);
  add_report(app);
  add_step(app);
  add_gradcheck(app, [&](const GradcheckOptions& o) { exit_code = gradcheck(o); });
  add_simulate(app);
  add_devices(app);
  add_man(app);
  add_completion(app);
  parse_and_run(app, *train_command, std::move(arguments));
  require_printed();
  return exit_code;
}

int run_command_line(std::vector<std::string> arguments) {
  try {
    return run_command(std::move(arguments));
  } catch (const UsageError& error) {
    return fail(2, error.what());
  } catch (const std::bad_alloc&) {
    return fail(1, "not enough memory");
  } catch (const std::exception& error) {
    return fail(1, error.what());
  }
}

training::TrainOptions train_options(std::vector<std::string> arguments) {
  return parsed<training::TrainOptions>("train", std::move(arguments), add_train);
}

GradcheckOptions gradcheck_options(std::vector<std::string> arguments) {
  return parsed<GradcheckOptions>("gradcheck", std::move(arguments), add_gradcheck);
}

}  // namespace sac::commands
