// The command line of what takes trained runs: evaluate, play, export, compare,
// report.
#pragma once

#include <CLI/CLI.hpp>

namespace sac::commands {

void add_evaluate(CLI::App& app);
void add_export(CLI::App& app);
void add_play(CLI::App& app, int& exit_code);
void add_compare(CLI::App& app);
void add_report(CLI::App& app);

}  // namespace sac::commands
