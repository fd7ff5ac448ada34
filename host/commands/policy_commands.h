// The command line of what takes a trained policy: evaluate, export, play.
#pragma once

#include <CLI/CLI.hpp>

namespace sac::commands {

void add_evaluate(CLI::App& app);
void add_export(CLI::App& app);
void add_play(CLI::App& app, int& exit_code);

}  // namespace sac::commands
