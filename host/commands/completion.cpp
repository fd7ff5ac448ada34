#include "host/commands/completion.h"

#include <algorithm>
#include <sstream>
#include <vector>

#include "kernels/env/registry.h"

namespace sac::commands {
namespace {

using Words = std::vector<std::string>;

std::string joined(const Words& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

Words environment_ids() {
  Words ids;
  for (const env::EnvironmentInfo& info : env::Environments::info) ids.push_back(info.id);
  return ids;
}

/// The names that an option takes; none if it takes something else. Its help names all of them:
/// simulate's --device, for one, takes fewer than the others.
Words names_for(const OptionText& option) {
  Words names;
  const std::string& name = option.names.front();
  if (name == "--env") return environment_ids();
  if (name == "--preset") names = {"fast", "article"};
  if (name == "--algorithm") names = {"sac-v1", "sac-v2"};
  if (name == "--device") names = {"auto", "cuda", "cpu"};
  if (name == "--precision") names = {"auto", "fp32", "tf32", "bf16"};
  if (name == "--mlp") names = {"fused", "cublas"};
  std::erase_if(names,
                [&](const std::string& n) { return option.help.find(n) == std::string::npos; });
  return names;
}

/// The action of bash that completes the value: files, directories, or empty for neither.
std::string files_for(const OptionText& option) {
  if (option.names.empty()) return "file";
  const std::string& name = option.names.front();
  if (name == "--inputs" || name == "--outputs" || name == "--actions" || name == "--gif" ||
      name == "--webp")
    return "file";
  return name == "--out" ? "directory" : "";
}

/// What to offer after `previous`, an option of `command`.
void print_value(const CommandText& command, const OptionText& option, std::ostream& out) {
  const Words names = names_for(option);
  const std::string files = files_for(option);
  std::string what = "return";
  if (!names.empty()) what = "_sac_cuda_words \"" + joined(names) + "\"; return";
  if (!files.empty()) what = "_sac_cuda_files " + files + "; return";
  for (const std::string& name : option.names) {
    out << "    '" << command.name << ' ' << name << "') " << what << " ;;\n";
  }
}

Words option_names(const CommandText& command) {
  Words names;
  for (const OptionText& option : command.options) {
    names.insert(names.end(), option.names.begin(), option.names.end());
  }
  return names;
}

constexpr const char* kFunctions = R"(_sac_cuda_words() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$word")
}

_sac_cuda_files() {
  compopt -o filenames 2> /dev/null
  mapfile -t COMPREPLY < <(compgen -A "$1" -- "$word")
}

_sac_cuda() {
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  if [[ $word == = ]]; then
    word=
  elif [[ $previous == = ]]; then
    previous=${COMP_WORDS[COMP_CWORD-2]}
  fi
  COMPREPLY=()
)";

}  // namespace

std::string bash_completion(const CommandTree& tree) {
  const std::string& first = tree.commands.front().name;
  Words commands;
  for (const CommandText& command : tree.commands) commands.push_back(command.name);
  std::ostringstream out;
  out << "# Completion for bash, printed by: " << tree.program.name << " completion\n"
      << kFunctions << "  local command=" << first << "\n  case ${COMP_WORDS[1]} in\n    ";
  for (const std::string& name : commands) out << (name == first ? "" : "|") << name;
  out << ") ((COMP_CWORD > 1)) && command=${COMP_WORDS[1]} ;;\n  esac\n"
      << "  case \"$command $previous\" in\n";
  for (const CommandText& command : tree.commands) {
    for (const OptionText& option : command.options) {
      if (!option.names.empty() && !option.value.empty()) print_value(command, option, out);
    }
  }
  const Words at_first = option_names(tree.program);
  Words leading = option_names(tree.commands.front());
  for (const std::string& name : at_first) {
    if (std::ranges::find(leading, name) == leading.end()) leading.push_back(name);
  }
  out << "  esac\n  case \"$COMP_CWORD $word\" in\n    '1 -'*) _sac_cuda_words \""
      << joined(leading) << "\"; return ;;\n    '1 '*) _sac_cuda_words \"" << joined(commands)
      << "\"; return ;;\n  esac\n  case \"$command $word\" in\n";
  for (const CommandText& command : tree.commands) {
    Words names = option_names(command);
    out << "    '" << command.name << " -'*) _sac_cuda_words \"" << joined(names) << "\" ;;\n";
    const bool takes_file = std::ranges::any_of(
        command.options, [](const OptionText& option) { return option.names.empty(); });
    if (takes_file) out << "    '" << command.name << " '*) _sac_cuda_files file ;;\n";
  }
  out << "  esac\n}\n\ncomplete -F _sac_cuda " << tree.program.name << '\n';
  return out.str();
}

}  // namespace sac::commands
