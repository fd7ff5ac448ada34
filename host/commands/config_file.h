// --config FILE: options from a file.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace sac::commands {

/// Gives the options of `command` that the command line did not give the values that they have in a
/// file: a run's config.json, or TOML, with the options' names as keys. What config.json holds
/// beyond options is passed over. Throws UsageError, one line that names the file, for a file that
/// cannot be read, a key that is no option, and a value that the option does not take.
void apply_config_file(CLI::App& command, const std::string& path);

}  // namespace sac::commands
