// Parses the command line and dispatches.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <new>
#include <string>
#include <vector>

#include "host/base/usage_error.h"
#include "host/commands/devices.h"
#include "host/commands/evaluate.h"
#include "host/commands/gradcheck.h"
#include "host/commands/parse_error.h"
#include "host/commands/simulate.h"
#include "host/commands/step.h"
#include "host/commands/train.h"

namespace {

constexpr const char* kDescription =
    "Soft Actor-Critic with a state-value network, trained on thousands of simulated pendulums.\n";

constexpr const char* kExamples =
    "Examples:\n"
    "  sac_cuda                                  train on the default environment until solved\n"
    "  sac_cuda --env Pendulum-v1 --seed 7       another environment, another seed\n"
    "  sac_cuda --preset article --steps 100000  the article's setting: one environment\n"
    "  sac_cuda evaluate runs/NAME/checkpoint.safetensors --episodes 100\n"
    "  sac_cuda gradcheck --hidden 256           is this machine's learner right?\n"
    "  sac_cuda COMMAND --help                   the options of a command\n";

int fail(int exit_code, const std::string& message) {
  fmt::print(stderr, "sac_cuda: {}\n", message);
  return exit_code;
}

// Without a command the program trains.
std::vector<std::string> with_command(std::vector<std::string> arguments) {
  const bool names_one =
      !arguments.empty() && (!arguments[0].starts_with('-') || arguments[0] == "-h" ||
                             arguments[0] == "--help" || arguments[0] == "--version");
  if (!names_one) arguments.insert(arguments.begin(), "train");
  return arguments;
}

}  // namespace

int main(int argc, char** argv) {
  int exit_code = 0;
  CLI::App app(kDescription, "sac_cuda");
  app.set_version_flag("--version", "sac_cuda " SAC_VERSION);
  app.footer(kExamples);
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  const CLI::App* train = sac::commands::add_train_command(app, exit_code);
  sac::commands::add_evaluate_command(app);
  sac::commands::add_step_command(app);
  sac::commands::add_gradcheck_command(app, exit_code);
  sac::commands::add_simulate_command(app);
  sac::commands::add_devices_command(app);

  try {
    std::vector<std::string> arguments = with_command({argv + 1, argv + argc});
    std::reverse(arguments.begin(), arguments.end());  // as the parser wants them
    app.parse(arguments);
    return exit_code;
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    if (app.get_subcommands().empty()) fmt::print("\n{}", train->help("sac_cuda"));
    return 0;
  } catch (const CLI::CallForVersion& version) {
    fmt::print("{}\n", version.what());
    return 0;
  } catch (const CLI::ParseError& error) {
    return fail(2, sac::commands::explain(error, app));
  } catch (const sac::UsageError& error) {
    return fail(2, error.what());
  } catch (const std::bad_alloc&) {
    return fail(1, "not enough memory");
  } catch (const std::exception& error) {
    return fail(1, error.what());
  }
}
