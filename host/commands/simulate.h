// sac_cuda simulate: one environment under given actions, printed as CSV.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>

#include "kernels/env/registry.h"

namespace sac::commands {

struct SimulateOptions {
  std::string environment = env::Environments::info[0].id;
  std::string actions;                 ///< path of a CSV file with a column "action"
  std::optional<std::string> state{};  ///< start state, comma-separated; else a reset by the seed
  bool in_double = false;              ///< double instead of float
  uint64_t seed = 0;
  std::string device = "auto";
};

/// Prints the trajectory: t, the state, the cosine and sine of a state called theta, action,
/// reward, terminated, with 17 digits. A row holds the state before its step, the action as given,
/// and the reward and terminated that the step returned; the last row holds the final state.
/// Episodes do not end: what follows a terminating step goes on from where it is. Throws
/// UsageError before anything is printed.
void simulate(const SimulateOptions& options, std::ostream& out);

/// Adds the subcommand to the program's command line; parsing it runs it, with output to stdout.
void add_simulate_command(CLI::App& app);

}  // namespace sac::commands
