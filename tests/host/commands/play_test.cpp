// `sac_cuda play`, on a terminal and without one.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <chrono>
#include <regex>
#include <string>

#include "tests/host/commands/command_line_fixture.h"
#include "tests/support/pseudo_terminal.h"

namespace sac::commands {
namespace {

constexpr const char* kOtherScreen = "\033[?1049h";
constexpr const char* kFirstScreen = "\033[?1049l";

class Play : public CommandLine {
 protected:
  Play() { output_of(small_run({"--updates", "10", "--quiet"})); }

  PseudoTerminal playing(int columns = 60, int rows = 20) {
    return {SAC_CUDA_PROGRAM, directory_.path(), {"play", "run", "--seed", "7"}, columns, rows};
  }

  /// Expects that `text` is shown next.
  static void expect_shown(PseudoTerminal& terminal, const std::string& text) {
    EXPECT_TRUE(terminal.read_until(text).ends_with(text)) << text;
  }

  /// Waits until so much of the episode has been played. Returns the time that is shown.
  static double played(PseudoTerminal& terminal, double least) {
    const std::regex shown("([0-9.]+) s  return");
    for (;;) {
      const std::string frame = terminal.read_until("q quit");
      std::smatch match;
      if (!frame.ends_with("q quit")) {
        ADD_FAILURE() << frame;
        return 0;
      }
      if (!std::regex_search(frame, match, shown)) continue;  // the rest of a frame
      if (const double seconds = std::stod(match[1]); seconds >= least) return seconds;
    }
  }

  /// Expects this exit code, and a terminal as it was before.
  static void expect_end(PseudoTerminal& terminal, int exit_code) {
    EXPECT_EQ(terminal.wait(), exit_code);
    expect_names(terminal.rest(), kFirstScreen);
    expect_names(terminal.rest(), "\033[?25h");
    EXPECT_TRUE(terminal.restored());
  }
};

TEST_F(Play, DrawsThePendulumAndLeavesInOrder) {
  PseudoTerminal terminal = playing();
  expect_shown(terminal, kOtherScreen);
  EXPECT_FALSE(terminal.restored());
  expect_shown(terminal, "\033[38;5;208m\xe2\xa0");  // the pole, in braille
  expect_shown(terminal, "start 7  Pendulum-v1");
  expect_shown(terminal, "q quit");
  terminal.type("q");
  expect_end(terminal, 0);
}

// A machine that is too busy for it loses time, and never gains any.
TEST_F(Play, RunsAtRealSpeed) {
  PseudoTerminal terminal = playing();
  const double begin = played(terminal, 0.1);
  const auto before = std::chrono::steady_clock::now();
  const double end = played(terminal, begin + 1);
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - before;
  EXPECT_LT((end - begin) / passed.count(), 1.3);
  EXPECT_GT((end - begin) / passed.count(), 0.4);
}

TEST_F(Play, KnowsItsKeys) {
  PseudoTerminal terminal = playing();
  played(terminal, 0.2);
  terminal.type(" ");
  expect_shown(terminal, "  paused");
  terminal.type("n");
  expect_shown(terminal, "0.0 s  return 0.0  paused  start 8");
  terminal.type("\033[C\033[D\033OCxl");  // pushes, and a key that means nothing
  terminal.type(" ");
  played(terminal, 0.3);
  terminal.type("r ");
  expect_shown(terminal, "  paused  start 8");
  terminal.type("q");
  expect_end(terminal, 0);
}

TEST_F(Play, FollowsTheTerminalsSize) {
  PseudoTerminal terminal = playing();
  expect_shown(terminal, "start 7");
  terminal.resize(10, 3);
  expect_shown(terminal, "at least 16x6");
  terminal.resize(200, 50);
  expect_shown(terminal, "q quit");
  terminal.resize(1, 1);
  expect_shown(terminal, "at least");
  terminal.type("q");
  expect_end(terminal, 0);
}

TEST_F(Play, EverySignalLeavesInOrder) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1}) {
    PseudoTerminal terminal = playing();
    expect_shown(terminal, "q quit");
    terminal.kill(signal);
    expect_end(terminal, 128 + signal);
  }
  PseudoTerminal terminal = playing();
  expect_shown(terminal, "q quit");
  terminal.type("\003");  // Ctrl-C
  expect_end(terminal, 128 + SIGINT);
}

TEST_F(Play, AStopGivesTheTerminalBack) {
  PseudoTerminal terminal = playing();
  expect_shown(terminal, "q quit");
  terminal.type("\032");  // Ctrl-Z
  expect_shown(terminal, kFirstScreen);
  int status = 0;
  ASSERT_EQ(waitpid(terminal.pid(), &status, WUNTRACED), terminal.pid());
  EXPECT_TRUE(WIFSTOPPED(status));
  EXPECT_TRUE(terminal.restored());
  terminal.kill(SIGCONT);
  expect_shown(terminal, kOtherScreen);
  expect_shown(terminal, "q quit");
  terminal.type("q");
  expect_end(terminal, 0);
}

TEST_F(Play, WithoutATerminalIsOneLine) {
  expect_names(error_of({"play", "run"}),
               "play: standard input and output are no terminal; --gif FILE or --webp");
}

TEST_F(Play, WritesAGif) {
  expect_names(output_of({"play", "run", "--gif", "a.gif", "--seconds", "2"}),
               "a.gif: run/best.safetensors of Pendulum-v1, ");
  const std::string gif = file_content(directory_ / "a.gif");
  EXPECT_EQ(gif.substr(0, 6), "GIF89a");
  EXPECT_EQ(gif.back(), ';');
  output_of({"play", "run", "--gif", "b.gif", "--seconds", "2s"});
  EXPECT_EQ(gif, file_content(directory_ / "b.gif"));
  output_of({"play", "run", "--gif", "b.gif"});
  EXPECT_GT(file_content(directory_ / "b.gif").size(), 2 * gif.size());
}

TEST_F(Play, WritesAWebP) {
  expect_names(output_of({"play", "run", "--webp", "a.webp", "--seconds", "2"}),
               "a.webp: run/best.safetensors of Pendulum-v1, ");
  const std::string webp = file_content(directory_ / "a.webp");
  EXPECT_EQ(webp.substr(0, 4) + webp.substr(8, 4), "RIFFWEBP");
  EXPECT_NE(webp.find("ANMF"), std::string::npos) << "no frames";
}

TEST_F(Play, RefusesWhatCannotBe) {
  expect_names(error_of({"play", "run", "--gif", "a.gif", "--webp", "a.webp"}), "--webp");
  expect_names(error_of({"play", "run", "--webp", "no/a.webp"}), "no is not a directory");
  expect_names(error_of({"play", "missing"}), "missing: no such file");
  expect_names(error_of({"play", "run", "--gif", "no/a.gif"}), "no is not a directory");
  expect_names(error_of({"play", "run", "--gif", "a.gif", "--seconds", "0"}), "--seconds 0:");
  expect_names(error_of({"play", "run", "--gif", "a.gif", "--env", "InvertedPendulum-v5"}),
               "made for obs 3");
  std::filesystem::create_directory(directory_ / "empty");
  expect_names(error_of({"play", "empty", "--gif", "a.gif"}), "empty: holds no policy");
}

}  // namespace
}  // namespace sac::commands
