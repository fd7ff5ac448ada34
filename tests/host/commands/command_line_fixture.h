// The program from outside: what its commands print, write and refuse.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/program.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/usage_error_of.h"

namespace sac::commands {

using nlohmann::json;
using Arguments = std::vector<std::string>;

/// A directory of its own in which the program runs.
class CommandLine : public testing::Test {
 protected:
  std::string output_of(const Arguments& arguments) {
    Program program(SAC_CUDA_PROGRAM, directory_.path(), arguments);
    EXPECT_EQ(program.wait(), 0) << program.err();
    EXPECT_EQ(program.err(), "");
    return program.out();
  }

  // Exit code 2, one line that begins with the program's name, nothing printed, nothing written.
  std::string error_of(const Arguments& arguments) {
    const auto files = std::distance(std::filesystem::directory_iterator(directory_.path()), {});
    Program program(SAC_CUDA_PROGRAM, directory_.path(), arguments);
    EXPECT_EQ(program.wait(), 2);
    EXPECT_EQ(program.out(), "");
    const std::string error = program.err();
    EXPECT_EQ(error.rfind("sac_cuda: ", 0), 0u) << error;
    EXPECT_EQ(error.find('\n'), error.size() - 1) << error;
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory_.path()), {}), files);
    return error;
  }

  // A run that learns something within a fraction of a second.
  static Arguments small_run(const Arguments& more) {
    Arguments arguments{"--env",   "Pendulum-v1", "--envs",       "8", "--hidden", "16",
                        "--batch", "32",          "--threads",    "1", "--device", "cpu",
                        "--out",   "run",         "--eval-every", "50"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  json summary() { return json::parse(file_content(directory_ / "run/summary.json")); }

  TemporaryDirectory directory_;
};

}  // namespace sac::commands
