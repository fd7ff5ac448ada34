// The panel of `sac_cuda train`: on a bare terminal, byte by byte, and in tmux, as it looks.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <regex>
#include <string>
#include <thread>

#include "tests/host/commands/command_line_fixture.h"
#include "tests/support/pseudo_terminal.h"

namespace sac::commands {
namespace {

constexpr const char* kPanel = " Pendulum-v1 · seed 0 · ";
constexpr const char* kClearBelow = "\r\033[J";

class Live : public CommandLine {
 protected:
  Live() {
    setenv("TERM", "xterm-256color", 1);
    unsetenv("NO_COLOR");
  }

  /// A run that ends when it is told to.
  PseudoTerminal training(int columns = 80, int rows = 24) {
    return {SAC_CUDA_PROGRAM, directory_.path(), small_run({"--keep-going"}), columns, rows};
  }

  static void expect_shown(PseudoTerminal& terminal, const std::string& text) {
    EXPECT_TRUE(terminal.read_until(text).ends_with(text)) << text;
  }

  static std::string interrupted(PseudoTerminal& terminal, int signal = SIGINT) {
    terminal.kill(signal);
    EXPECT_EQ(terminal.wait(), 128 + signal);
    EXPECT_TRUE(terminal.restored());
    return terminal.rest();
  }
};

TEST_F(Live, ShowsThePanelAboveWhichEvaluationsStay) {
  PseudoTerminal terminal = training();
  expect_shown(terminal, kPanel);
  expect_shown(terminal, " updates\r\n\033[K\r\n");  // an evaluation, and a panel right below it
  expect_shown(terminal, kPanel);
  EXPECT_TRUE(terminal.restored()) << "no mode of the terminal is ever changed";
  const std::string end = interrupted(terminal);
  expect_names(end, "(stopped by: interrupted)");
  const size_t last_panel = end.rfind(kPanel);
  ASSERT_NE(last_panel, std::string::npos) << end;
  EXPECT_EQ(end.find("A\033[?2026l", last_panel), std::string::npos) << "the cursor stays below";
}

TEST_F(Live, EverySignalSpeaksInThePlaceOfThePanel) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGXCPU}) {
    std::filesystem::remove_all(directory_ / "run");
    PseudoTerminal terminal = training();
    expect_shown(terminal, kPanel);
    expect_names(interrupted(terminal, signal),
                 std::string(kClearBelow) + "SIG" + sigabbrev_np(signal) + ": finishing the step");
  }
}

TEST_F(Live, ASecondSignalTakesThePanelAlong) {
  PseudoTerminal terminal = training();
  expect_shown(terminal, kPanel);
  terminal.kill(SIGINT);
  terminal.kill(SIGTERM);
  terminal.wait();
  const std::string& rest = terminal.rest();
  const size_t frame = rest.rfind("\033[?2026h"), clearing = rest.rfind(kClearBelow);
  ASSERT_NE(clearing, std::string::npos) << rest;
  EXPECT_TRUE(frame == std::string::npos || frame < clearing) << rest;
}

TEST_F(Live, AnErrorFindsNoPanel) {
  PseudoTerminal terminal = training();
  expect_shown(terminal, kPanel);
  std::filesystem::rename(directory_ / "run", directory_ / "gone");  // at once, amid its writing
  expect_shown(terminal, std::string(kClearBelow));
  expect_shown(terminal, "sac_cuda: ");
  terminal.kill(SIGINT);
  EXPECT_EQ(terminal.wait(), 1);
}

TEST_F(Live, ASmallTerminalHasALine) {
  for (const auto& [columns, rows] : {std::pair{39, 24}, {80, 9}, {20, 3}}) {
    std::filesystem::remove_all(directory_ / "run");
    PseudoTerminal terminal = training(columns, rows);
    expect_shown(terminal, "\033[J\r\033[?2026l");
    EXPECT_EQ(interrupted(terminal).find("╭"), std::string::npos);
  }
}

TEST_F(Live, ATerminalThatKnowsNothingGetsPlainLines) {
  setenv("TERM", "dumb", 1);
  PseudoTerminal terminal = training();
  expect_shown(terminal, "| return ");
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  EXPECT_EQ(interrupted(terminal).find('\033'), std::string::npos);
}

TEST_F(Live, NoColorIsHeeded) {
  setenv("NO_COLOR", "1", 1);
  PseudoTerminal terminal = training();
  expect_shown(terminal, kPanel);
  expect_shown(terminal, "┤");
  EXPECT_EQ(interrupted(terminal).find("[38;5;"), std::string::npos);
}

/// A shell in a tmux of its own.
class LiveInTmux : public Live {
 protected:
  LiveInTmux() {
    tmux("-f /dev/null new-session -d -x 100 -y 30 \"env PS1='$ ' LC_ALL=C.UTF-8 bash --norc\"");
  }
  ~LiveInTmux() override { tmux("kill-server"); }

  std::string tmux(const std::string& command) {
    Program shell("/bin/sh", directory_.path(), {"-c", "exec tmux -u -S socket " + command});
    EXPECT_EQ(shell.wait(), 0) << shell.err();
    return shell.out();
  }

  void type(const std::string& keys) { tmux("send-keys " + keys); }

  void train() {
    std::string command = SAC_CUDA_PROGRAM;
    for (const std::string& argument : small_run({"--keep-going"})) command += ' ' + argument;
    type("'" + command + "' Enter");
  }

  std::string screen() { return tmux("capture-pane -p"); }

  /// The screen once it is so, for which ten seconds must do.
  std::string screen_when(const std::string& what,
                          const std::function<bool(const std::string&)>& is_so) {
    for (int i = 0; i < 100; ++i) {
      const std::string now = screen();
      if (is_so(now)) return now;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    ADD_FAILURE() << "never seen: " << what << "\n" << screen();
    return "";
  }

  static int count(const std::string& text, const std::string& part) {
    int n = 0;
    for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
    return n;
  }

  /// One whole panel of so many columns, right below an empty line and at least one evaluation.
  std::string screen_with_panel(int columns) {
    const std::regex top("(updates|steps)\n\n╭─ Pendulum-v1 · seed 0 · [^\n]*─╮\n");
    return screen_when("a panel of " + std::to_string(columns), [&](const std::string& now) {
      std::smatch match;
      if (!std::regex_search(now, match, top)) return false;
      const std::string line = match.str().substr(match.str().find("╭"));
      int width = 0;
      for (const char c : line) width += (c & 0xc0) != 0x80 && c != '\n' ? 1 : 0;
      return width == columns && count(now, "╭") == 1 && count(now, "╯") == 1;
    });
  }
};

TEST_F(LiveInTmux, ThereIsOnePanelWhateverTheSize) {
  train();
  const std::string wide = screen_with_panel(99);
  for (const char* part :
       {"-200┤", "return ", "steps ", "updates ", "replay ", "loss ", "entropy ", "╰─"}) {
    expect_names(wide, part);
  }
  tmux("resize-window -x 60 -y 30");
  screen_with_panel(59);
  tmux("resize-window -x 60 -y 16");
  screen_with_panel(59);
  tmux("resize-window -x 120 -y 40");
  screen_with_panel(119);
  tmux("resize-window -x 30 -y 8");
  screen_when("a line", [](const std::string& now) { return now.find("╭") == now.npos; });
  tmux("resize-window -x 100 -y 30");
  screen_with_panel(99);
  type("x Enter");  // what a user types meanwhile
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  screen_with_panel(99);
  type("C-c");
  const std::string end = screen_when("the end", [](const std::string& now) {
    return now.find("(stopped by") != now.npos && now.find("\n$\n") != now.npos;
  });
  expect_names(end, "SIGINT: finishing the step and saving");
  EXPECT_EQ(count(end, "╭"), 1) << end;
}

TEST_F(LiveInTmux, StoppedItLeavesTheShellAlone) {
  train();
  screen_with_panel(99);
  type("C-z");
  const std::string stopped = screen_when(
      "the shell", [](const std::string& now) { return now.find("Stopped") != now.npos; });
  EXPECT_EQ(count(stopped, "│"), 0) << stopped;
  type("bg Enter");  // lines alone, beside what the shell shows
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  EXPECT_EQ(count(screen(), "│"), 0);
  type("fg Enter");
  screen_when("the panel", [](const std::string& now) { return count(now, "╯") == 1; });
  type("C-c");
  screen_when("the end",
              [](const std::string& now) { return now.find("(stopped by") != now.npos; });
}

}  // namespace
}  // namespace sac::commands
