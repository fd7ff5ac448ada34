// The command line of sweep.
#pragma once

#include <CLI/CLI.hpp>

namespace sac::commands {

void add_sweep(CLI::App& app, int& exit_code);

}  // namespace sac::commands
