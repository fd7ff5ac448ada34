#include "host/commands/parse_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "host/base/closest.h"
#include "host/commands/foreign_names.h"

namespace sac::commands {
namespace {

std::vector<std::string> options_and_commands(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  for (const CLI::Option* argument :
       command.get_options([](const CLI::Option* o) { return o->get_positional(); })) {
    names.push_back(argument->get_option_text());
  }
  for (const CLI::App* sub : command.get_subcommands(nullptr)) names.push_back(sub->get_name());
  return names;
}

// The names of this command that `word` may stand for, as words; empty if there is none.
std::string meant_by(const std::string& word, const CLI::App& command) {
  const std::vector<std::string> names = options_and_commands(command);
  std::vector<std::string_view> meant = our_names_for(word);
  std::erase_if(
      meant, [&](std::string_view name) { return std::ranges::find(names, name) == names.end(); });
  if (!meant.empty()) return fmt::format("{}", fmt::join(meant, " or "));
  return closest(word, names);
}

}  // namespace

std::string explain(const CLI::ParseError& error, const CLI::App& app) {
  const auto parsed = app.get_subcommands();
  const CLI::App& command = parsed.empty() ? app : *parsed.front();
  std::string help = "sac_cuda";
  if (&command != &app) help += " " + command.get_name();
  help += " --help shows what is allowed";

  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    const std::string message = error.what();  // "--option: ..."
    return fmt::format("{} needs a value; {}", message.substr(0, message.find(':')), help);
  }
  std::vector<std::string> extras = app.remaining(true);
  std::erase(extras, "--");
  if (dynamic_cast<const CLI::ExtrasError*>(&error) == nullptr || extras.empty()) {
    return fmt::format("{}; {}", error.what(), help);
  }
  const auto option = std::find_if(extras.begin(), extras.end(),
                                   [](const std::string& s) { return s.starts_with('-'); });
  std::string word = option == extras.end() ? extras.front() : *option;
  word = word.substr(0, word.find('='));
  const std::string meant = meant_by(word, command);
  const bool after_dashes = meant == word;  // an option's name where "--" ended the options
  const char* kind = word.starts_with('-') && !after_dashes ? "option" : "argument";
  if (word.empty()) word = "''";
  if (meant.empty() || after_dashes) return fmt::format("unknown {} {}; {}", kind, word, help);
  return fmt::format("unknown {} {}: did you mean {}? {}", kind, word, meant, help);
}

}  // namespace sac::commands
