// The program's command line: which commands and options there are, and what to do about what a
// user typed.
#pragma once

#include <string>
#include <vector>

namespace sac::commands {

/// Parses the arguments, without the program's name, and runs the command that they name, or train.
/// Results go to std::cout. Returns the exit code: 0; 1 for a failure, which includes results that
/// could not be printed; 2 for a mistake of the user's, with one line on
/// standard error; otherwise the command's own.
int run_command_line(std::vector<std::string> arguments);

}  // namespace sac::commands
