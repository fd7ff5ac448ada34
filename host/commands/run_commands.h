// The command line of what takes runs that have ended: compare.
#pragma once

#include <CLI/CLI.hpp>

namespace sac::commands {

void add_compare(CLI::App& app);

}  // namespace sac::commands
