// sac_cuda completion: a script for bash, made from the commands and options that there are.
#pragma once

#include <string>

#include "host/commands/command_tree.h"

namespace sac::commands {

/// A script to be sourced by bash: completes commands, options, the values of options that take
/// one of a few names, and files.
std::string bash_completion(const CommandTree& tree);

}  // namespace sac::commands
