#include "host/commands/run_commands.h"

#include <memory>

#include "host/commands/commands.h"

namespace sac::commands {

void add_compare(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "compare",
      "Print what runs came to: share solved, returns and time to solve, with intervals");
  const auto options = std::make_shared<CompareOptions>();
  command
      ->add_option(
          "runs", options->runs,
          "Run directories; those that differ in seeds and limits alone are taken together")
      ->option_text("RUN...")
      ->required();
  command->add_flag("--json", options->json, "Print JSON");
  command->callback([options] { compare(*options); });
}

}  // namespace sac::commands
