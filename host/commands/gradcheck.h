// sac_cuda gradcheck: is this machine's learner right?
#pragma once

#include <CLI/CLI.hpp>

namespace sac::commands {

/// `exit_code` becomes 1 if a check fails.
void add_gradcheck_command(CLI::App& app, int& exit_code);

}  // namespace sac::commands
