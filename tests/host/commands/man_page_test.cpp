#include "host/commands/man_page.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/support/program.h"
#include "tests/support/temporary_directory.h"

namespace sac::commands {
namespace {

TEST(ManPage, EscapesWhatRoffReads) {
  CommandTree tree{"tool 1.2", {"tool", "Does things.\n", {}, "Examples:\n.first\n'second\n"}, {}};
  tree.commands.push_back({"go-on",
                           "Goes \\ on",
                           {{{"-n", "--number"}, "N", ".5 or so", true}, {{}, "FILE", "A file"}},
                           ""});
  EXPECT_EQ(man_page(tree),
            ".TH TOOL 1 \"\" \"tool 1.2\" \"User Commands\"\n"
            ".SH NAME\n"
            "tool \\- Does things\n"
            ".SH SYNOPSIS\n"
            ".B tool\n"
            "[\\fICOMMAND\\fR] [\\fIOPTION\\fR]...\n"
            ".SH DESCRIPTION\n"
            "Without a command tool does what the command go\\-on does.\n"
            ".SH OPTIONS\n"
            ".SH COMMANDS\n"
            ".SS tool go\\-on\n"
            "Goes \\e on.\n"
            ".TP\n"
            "\\fB\\-n\\fR, \\fB\\-\\-number\\fR \\fIN\\fR\n"
            "\\&.5 or so (required)\n"
            ".TP\n"
            "\\fIFILE\\fR\n"
            "A file\n"
            ".SH EXAMPLES\n"
            ".PP\n"
            ".EX\n"
            "\\&.first\n"
            "\\&'second\n"
            ".EE\n");
}

class ProgramsManPage : public testing::Test {
 protected:
  std::string output_of(const std::vector<std::string>& arguments) {
    Program program(SAC_CUDA_PROGRAM, directory_.path(), arguments);
    EXPECT_EQ(program.wait(), 0) << program.err();
    return program.out();
  }

  TemporaryDirectory directory_;
};

// The section of each command has every option that its --help has.
TEST_F(ProgramsManPage, NamesEveryOptionOfEveryCommand) {
  const std::string page = output_of({"man"});
  const std::string help = output_of({"--help"});
  std::vector<std::string> commands;
  const std::regex command_line("\n  ([a-z]+) +[A-Z]");
  const std::string listed = help.substr(help.find("Subcommands:"), help.find("Examples:"));
  for (std::sregex_iterator c(listed.begin(), listed.end(), command_line), end; c != end; ++c) {
    commands.push_back((*c)[1]);
  }
  ASSERT_GE(commands.size(), 8u);
  for (const std::string& command : commands) {
    const size_t begin = page.find(".SS sac_cuda " + command + "\n");
    ASSERT_NE(begin, std::string::npos) << command;
    const std::string section = page.substr(begin, page.find("\n.S", begin) - begin);
    const std::string options = output_of({command, "--help"});
    const std::regex option("\n  (?:-h,)?--([a-z-]+)");
    int count = 0;
    for (std::sregex_iterator o(options.begin(), options.end(), option), end; o != end; ++o) {
      const std::string name = std::regex_replace((*o)[1].str(), std::regex("-"), "\\-");
      EXPECT_NE(section.find("\\fB\\-\\-" + name + "\\fR"), std::string::npos)
          << command << ' ' << name;
      ++count;
    }
    EXPECT_GE(count, 1) << command;
  }
}

TEST_F(ProgramsManPage, IsGoodRoff) {
  ASSERT_TRUE(std::filesystem::exists("/usr/bin/groff")) << "scripts/setup.sh installs it";
  put_file(directory_ / "sac_cuda.1", output_of({"man"}));
  Program groff("/usr/bin/groff", directory_.path(), {"-man", "-Tascii", "-ww", "sac_cuda.1"});
  EXPECT_EQ(groff.wait(), 0);
  EXPECT_EQ(groff.err(), "");
  EXPECT_NE(groff.out().find("replay"), std::string::npos);
}

}  // namespace
}  // namespace sac::commands
