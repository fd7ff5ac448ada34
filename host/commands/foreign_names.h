// What other programs of the field call our options and commands: Stable-Baselines3 and its Zoo,
// CleanRL, Spinning Up, TorchRL.
#pragma once

#include <string_view>
#include <vector>

namespace sac::commands {

/// Our names for what others call `word`, an option ("--num-envs", also "--num_envs") or a command
/// ("eval"); none if it is not known. Not every command has all of them.
std::vector<std::string_view> our_names_for(std::string_view word);

}  // namespace sac::commands
