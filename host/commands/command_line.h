// The program's command line: which commands and options there are, and what to do about what a
// user typed.
#pragma once

#include <string>
#include <vector>

#include "host/commands/commands.h"

namespace sac::commands {

/// Parses the arguments, without the program's name, and runs the command that they name, or train.
/// Results go to std::cout. Returns the exit code: 0; 1 for a failure, which includes results that
/// could not be printed; 2 for a mistake of the user's, with one line on
/// standard error; otherwise the command's own.
int run_command_line(std::vector<std::string> arguments);

/// The same for a caller who handles mistakes: throws UsageError, the one line, for those of the
/// user's, and the command's own exceptions for failures.
int run_command(std::vector<std::string> arguments);

/// What the arguments of `train` mean, config file included, with nothing done about it. Throws
/// UsageError, the line that the command would print.
training::TrainOptions train_options(std::vector<std::string> arguments);

/// The same for `gradcheck`.
GradcheckOptions gradcheck_options(std::vector<std::string> arguments);

}  // namespace sac::commands
