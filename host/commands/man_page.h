// sac_cuda man: the man page, made from the commands and options that there are.
#pragma once

#include <string>

#include "host/commands/command_tree.h"

namespace sac::commands {

/// The page in roff with the macros of man(7).
std::string man_page(const CommandTree& tree);

}  // namespace sac::commands
