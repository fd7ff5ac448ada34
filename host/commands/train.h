// sac_cuda [train]: trains until the environment is solved.
#pragma once

#include <CLI/CLI.hpp>

namespace sac::commands {

/// `exit_code` becomes 128 + signal if the run was interrupted.
CLI::App* add_train_command(CLI::App& app, int& exit_code);

}  // namespace sac::commands
