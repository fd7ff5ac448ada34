#include "host/commands/parse_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <string_view>
#include <vector>

namespace sac::commands {
namespace {

// Levenshtein's distance: insertions, deletions and replacements that turn a into b.
size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

std::vector<std::string> options_and_commands(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  for (const CLI::App* sub : command.get_subcommands(nullptr)) names.push_back(sub->get_name());
  return names;
}

// The name most like `word`; empty if none is.
std::string closest(const std::string& word, const std::vector<std::string>& names) {
  std::string best;
  size_t least = 3;  // more edits are another word
  for (const std::string& name : names) {
    const size_t distance = edit_distance(word, name);
    if (distance < least) {
      least = distance;
      best = name;
    }
  }
  return best;
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
  const std::vector<std::string> extras = app.remaining(true);
  if (dynamic_cast<const CLI::ExtrasError*>(&error) == nullptr || extras.empty()) {
    return fmt::format("{}; {}", error.what(), help);
  }
  const auto option = std::find_if(extras.begin(), extras.end(),
                                   [](const std::string& s) { return s.starts_with('-'); });
  std::string word = option == extras.end() ? extras.front() : *option;
  word = word.substr(0, word.find('='));
  const std::string meant = closest(word, options_and_commands(command));
  const char* kind = word.starts_with('-') ? "option" : "argument";
  if (word.empty()) word = "''";
  if (meant.empty()) return fmt::format("unknown {} {}; {}", kind, word, help);
  return fmt::format("unknown {} {}: did you mean {}? {}", kind, word, meant, help);
}

}  // namespace sac::commands
