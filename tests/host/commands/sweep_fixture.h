// Small sweeps by the program, and what they leave behind.
#pragma once

#include <map>
#include <sstream>
#include <string>

#include "tests/host/commands/command_line_fixture.h"

namespace sac::commands {

namespace fs = std::filesystem;

class Sweep : public CommandLine {
 protected:
  static Arguments small_options(const Arguments& more) {
    Arguments arguments{"--env",           "Pendulum-v1", "--envs",   "8",   "--hidden",     "16",
                        "--batch",         "32",          "--device", "cpu", "--eval-every", "20",
                        "--eval-episodes", "4",           "--quiet"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  // Six trials of two agents.
  static Arguments small_sweep(const std::string& out, const Arguments& more = {}) {
    Arguments arguments =
        small_options({"--set", "policy-lr=1e-4:1e-2:log", "--set", "tau=0.005,0.1", "--trials",
                       "6", "--seeds", "2", "--seed", "5", "--updates", "80", "--out", out});
    arguments.insert(arguments.begin(), "sweep");
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  // metrics.csv without seconds and rates.
  static std::string curve(const fs::path& file) {
    std::istringstream csv(file_content(file));
    std::string rows;
    for (std::string line; std::getline(csv, line); rows += '\n') {
      std::istringstream cells(line);
      int column = 0;
      for (std::string cell; std::getline(cells, cell, ','); ++column) {
        if (column < 3 || column > 6) rows += cell + ',';
      }
    }
    return rows;
  }

  // What a run says of itself, where that follows from its options.
  std::map<std::string, std::string> results_in(const fs::path& run) const {
    std::map<std::string, std::string> results;
    for (const fs::directory_entry& entry : fs::directory_iterator(directory_ / run)) {
      const std::string name = entry.path().filename();
      if (name == "metrics.csv") results[name] = curve(entry.path());
      if (name.starts_with("checkpoint") || name.starts_with("best")) {
        results[name] = file_content(entry.path());
      }
    }
    const json all = json::parse(file_content(directory_ / run / "summary.json"));
    for (const char* key : {"updates", "env_steps", "stop_reason", "solved", "eval_return_mean"}) {
      results[key] = all.at(key).dump();
    }
    return results;
  }

  void expect_same_sweep(const std::string& a, const std::string& b) const {
    EXPECT_EQ(file_content(directory_ / a / "ranking.csv"),
              file_content(directory_ / b / "ranking.csv"));
    EXPECT_EQ(file_content(directory_ / a / "ranking.json"),
              file_content(directory_ / b / "ranking.json"));
    for (int t = 0; t < 6; ++t) {
      const std::string trial = "trial-000" + std::to_string(t);
      EXPECT_TRUE(results_in(a + "/" + trial) == results_in(b + "/" + trial)) << trial;
    }
  }

  // Best first.
  json ranked_trials(const std::string& sweep) const {
    return json::parse(file_content(directory_ / sweep / "ranking.json")).at("trials");
  }
};

}  // namespace sac::commands
