// sac_cuda evaluate: plays deterministic episodes with a checkpoint's policy.
#pragma once

#include <CLI/CLI.hpp>

namespace sac::commands {

void add_evaluate_command(CLI::App& app);

}  // namespace sac::commands
