// What the command-line parser objects to, as one of our one-line messages.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace sac::commands {

/// One line for an error that `app` threw while parsing: names the argument, and the option or
/// command it may have been meant to be.
std::string explain(const CLI::ParseError& error, const CLI::App& app);

}  // namespace sac::commands
