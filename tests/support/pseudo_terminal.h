// The built program on a terminal of its own, as a user sits before it.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace sac {

class PseudoTerminal {
 public:
  PseudoTerminal(const std::filesystem::path& program,
                 const std::filesystem::path& working_directory, std::vector<std::string> arguments,
                 int columns, int rows) {
    arguments.insert(arguments.begin(), program.filename());
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    winsize size{static_cast<unsigned short>(rows), static_cast<unsigned short>(columns), 0, 0};
    if (openpty(&keyboard_, &terminal_, nullptr, nullptr, &size) != 0) {
      throw std::runtime_error("no pseudo terminal");
    }
    before_ = settings();
    pid_ = fork();
    if (pid_ < 0) throw std::runtime_error("cannot fork");
    if (pid_ == 0) {
      ::close(keyboard_);
      if (login_tty(terminal_) == 0 && chdir(working_directory.c_str()) == 0) {
        execv(program.c_str(), argv.data());
      }
      _exit(127);
    }
  }
  ~PseudoTerminal() {
    if (pid_ > 0) kill(SIGKILL);
    if (pid_ > 0) waitpid(pid_, nullptr, 0);
    if (keyboard_ >= 0) ::close(keyboard_);
    ::close(terminal_);
  }
  PseudoTerminal(const PseudoTerminal&) = delete;
  PseudoTerminal& operator=(const PseudoTerminal&) = delete;

  void kill(int signal) const { ::kill(pid_, signal); }
  pid_t pid() const { return pid_; }

  void type(const std::string& keys) const {
    [[maybe_unused]] const ssize_t written = write(keyboard_, keys.data(), keys.size());
  }

  void resize(int columns, int rows) const {
    const winsize size{static_cast<unsigned short>(rows), static_cast<unsigned short>(columns), 0,
                       0};
    ioctl(keyboard_, TIOCSWINSZ, &size);
  }

  /// Reads what is printed until `text` comes, for at most ten seconds. Returns all that was read
  /// by this call; it ends in `text` if that came.
  std::string read_until(const std::string& text) {
    std::string seen;
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (std::chrono::steady_clock::now() < limit) {
      const size_t found = unread_.find(text);
      if (found != std::string::npos) {
        seen += unread_.substr(0, found + text.size());
        unread_.erase(0, found + text.size());
        return seen;
      }
      pollfd file{keyboard_, POLLIN, 0};
      char buffer[4096];
      if (poll(&file, 1, 100) <= 0) continue;
      const ssize_t count = read(keyboard_, buffer, sizeof buffer);
      if (count <= 0) break;
      unread_.append(buffer, count);
    }
    return unread_;
  }

  /// The exit code, 128 + signal if one killed it. Somebody has to read meanwhile what is printed.
  int wait() {
    int status = 0;
    while (waitpid(pid_, &status, WNOHANG) == 0) drain();
    drain();
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  /// All that was printed and not read.
  const std::string& rest() const { return unread_; }

  /// Are the terminal's modes what they were before the program came?
  bool restored() const {
    const termios now = settings();
    return now.c_lflag == before_.c_lflag && now.c_iflag == before_.c_iflag &&
           now.c_oflag == before_.c_oflag;
  }

 private:
  termios settings() const {
    termios now{};
    tcgetattr(terminal_, &now);
    return now;
  }

  void drain() {
    pollfd file{keyboard_, POLLIN, 0};
    char buffer[4096];
    while (poll(&file, 1, 20) > 0) {
      const ssize_t count = read(keyboard_, buffer, sizeof buffer);
      if (count <= 0) return;
      unread_.append(buffer, count);
    }
  }

  int keyboard_ = -1, terminal_ = -1;
  termios before_{};
  pid_t pid_ = 0;
  std::string unread_;
};

}  // namespace sac
