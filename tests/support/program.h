// The built program, run as a user runs it.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/temporary_directory.h"

namespace sac {

/// A running program with a working directory; standard output and error go to files of their own.
class Program {
 public:
  Program(const std::filesystem::path& program, const std::filesystem::path& working_directory,
          std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), program.filename());
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    std::fflush(stdout);  // or the child would print it again
    pid_ = fork();
    if (pid_ < 0) throw std::runtime_error("cannot fork");
    if (pid_ == 0) {
      if (std::freopen((streams_ / "out").c_str(), "w", stdout) != nullptr &&
          std::freopen((streams_ / "err").c_str(), "w", stderr) != nullptr &&
          chdir(working_directory.c_str()) == 0) {
        execv(program.c_str(), argv.data());
      }
      _exit(127);
    }
  }
  ~Program() {
    if (pid_ > 0) kill(SIGKILL);
    wait();
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  void kill(int signal) const { ::kill(pid_, signal); }

  /// The exit code, 128 + signal if one killed it.
  int wait() {
    if (pid_ > 0) {
      int status = 0;
      waitpid(pid_, &status, 0);
      exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
      pid_ = 0;
    }
    return exit_code_;
  }

  std::string out() const { return file_content(streams_ / "out"); }
  std::string err() const { return file_content(streams_ / "err"); }

 private:
  TemporaryDirectory streams_;
  pid_t pid_ = 0;
  int exit_code_ = -1;
};

}  // namespace sac
