// The program's commands and options as text, for what is made from them: man page and completion.
#pragma once

#include <string>
#include <vector>

namespace sac::commands {

struct OptionText {
  std::vector<std::string> names;  ///< "--seed"; none for an argument without a name
  std::string value;               ///< what follows the name, "N"; empty for a flag
  std::string help;
  bool required = false;
};

struct CommandText {
  std::string name;
  std::string description;
  std::vector<OptionText> options;
  std::string footer;  ///< lines to be kept as they are
};

struct CommandTree {
  std::string version;
  CommandText program;  ///< its own options, --help and --version; the footer are examples, below a
                        ///< line that says so
  std::vector<CommandText> commands;  ///< the first one is what the program does without a command
};

}  // namespace sac::commands
