// sac_cuda step: one gradient step from a file to a file, to check the learner from outside.
#pragma once

#include <CLI/CLI.hpp>

namespace sac::commands {

void add_step_command(CLI::App& app);

}  // namespace sac::commands
