#include "host/commands/man_page.h"

#include <algorithm>
#include <cctype>
#include <sstream>
#include <string_view>

namespace sac::commands {
namespace {

/// Text as roff prints it: a backslash and a hyphen mean something else, and so does a line that
/// begins with a full stop or an apostrophe.
std::string escaped(std::string_view text) {
  std::string roff;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) roff += "\\&";
    line_begins = c == '\n';
    if (c == '\\') {
      roff += "\\e";
    } else if (c == '-') {
      roff += "\\-";
    } else {
      roff += c;
    }
  }
  return roff;
}

std::string without_trailing_newlines(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

/// Lines as they are, in a font of fixed width.
void print_lines(const std::string& lines, std::ostream& out) {
  if (!lines.empty()) out << ".PP\n.EX\n" << escaped(without_trailing_newlines(lines)) << "\n.EE\n";
}

void print_option(const OptionText& option, std::ostream& out) {
  out << ".TP\n";
  for (size_t i = 0; i < option.names.size(); ++i) {
    out << (i == 0 ? "" : ", ") << "\\fB" << escaped(option.names[i]) << "\\fR";
  }
  if (!option.value.empty()) {
    out << (option.names.empty() ? "" : " ") << "\\fI" << escaped(option.value) << "\\fR";
  }
  out << '\n' << escaped(option.help) << (option.required ? " (required)" : "") << '\n';
}

void print_options(const CommandText& command, std::ostream& out) {
  for (const OptionText& option : command.options) print_option(option, out);
}

}  // namespace

std::string man_page(const CommandTree& tree) {
  const std::string name = escaped(tree.program.name);
  std::string description = escaped(without_trailing_newlines(tree.program.description));
  if (description.ends_with('.')) description.pop_back();
  std::string title = name;
  std::ranges::transform(title, title.begin(), [](unsigned char c) { return std::toupper(c); });
  std::ostringstream out;
  out << ".TH " << title << " 1 \"\" \"" << escaped(tree.version) << "\" \"User Commands\"\n"
      << ".SH NAME\n"
      << name << " \\- " << description << '\n'
      << ".SH SYNOPSIS\n.B " << name << "\n[\\fICOMMAND\\fR] [\\fIOPTION\\fR]...\n"
      << ".SH DESCRIPTION\n"
      << "Without a command " << name << " does what the command "
      << escaped(tree.commands.front().name) << " does.\n.SH OPTIONS\n";
  print_options(tree.program, out);
  out << ".SH COMMANDS\n";
  for (const CommandText& command : tree.commands) {
    out << ".SS " << name << ' ' << escaped(command.name) << '\n'
        << escaped(command.description) << ".\n";
    print_options(command, out);
    print_lines(command.footer, out);
  }
  out << ".SH EXAMPLES\n";
  print_lines(tree.program.footer.substr(tree.program.footer.find('\n') + 1), out);
  return out.str();
}

}  // namespace sac::commands
