// The arguments with which the launcher starts the program several times.
#pragma once

#include <string>
#include <vector>

namespace sac::commands {

inline std::vector<std::string> on_ranks(int ranks, const std::vector<std::string>& command) {
  std::vector<std::string> arguments{"--allow-run-as-root", "--oversubscribe", "-n",
                                     std::to_string(ranks), SAC_CUDA_PROGRAM};
  arguments.insert(arguments.end(), command.begin(), command.end());
  return arguments;
}

}  // namespace sac::commands
