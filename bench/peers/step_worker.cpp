// sac_step_worker: this project's gradient steps, timed sample by sample for bench/peers. Speaks
// the protocol of step_worker.py: one JSON line when ready; then, for each line on stdin that holds
// a number of seconds, one JSON line with the steps done and the seconds they took.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "host/base/environments.h"
#include "host/base/limits.h"
#include "host/base/usage_error.h"
#include "host/commands/options.h"
#include "host/devices/devices.h"

namespace {

using Clock = std::chrono::steady_clock;

/// What the replay of every contender holds; problem.py's TRANSITIONS.
constexpr int64_t kTransitions = 100'000;
/// Gradient steps per step of the one environment, which so costs next to nothing.
constexpr int kUpdatesPerCycle = 20;

sac::LearnerConfig config_of(int hidden, int batch, int threads) {
  const sac::env::EnvironmentInfo& info = sac::environment_info(0);
  sac::LearnerConfig config;
  config.shape = {.obs = info.obs, .act = info.act, .hidden = hidden};
  config.max_action = info.max_action;
  config.batch = batch;
  config.threads = threads;
  config.envs = 1;
  config.updates_per_step = kUpdatesPerCycle;
  config.replay_capacity = kTransitions;
  return config;
}

nlohmann::json sample(sac::Learner& learner, double wanted) {
  int64_t cycles = 0;
  double seconds = 0;
  const Clock::time_point begin = Clock::now();
  while (seconds < wanted) {
    learner.train(1);
    ++cycles;
    seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  }
  return {{"steps", cycles * kUpdatesPerCycle}, {"seconds", seconds}};
}

/// Seconds to measure, from a line on stdin.
double wanted_seconds(const std::string& line) {
  return sac::parse_number<double>("a sample's seconds", line, sac::allowed::seconds);
}

void serve(const std::string& device, const sac::LearnerConfig& config) {
  const std::unique_ptr<sac::Learner> learner =
      sac::devices::make_learner(sac::devices::choose_device(device).device, config);
  learner->warm_up(kTransitions);
  learner->train(1);
  const nlohmann::json ready = {{"description", learner->description()}, {"compile_seconds", 0}};
  std::cout << ready << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << sample(*learner, wanted_seconds(line)) << std::endl;
  }
}

int fail(int exit_code, const std::string& message) {
  fmt::print(stderr, "sac_step_worker: {}\n", message);
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Gradient steps of sac_cuda, timed sample by sample. See bench/peers/README.md.");
  std::string device = "auto";
  int hidden = 256, batch = 256, threads = 1;
  app.add_option("--device", device, "auto, cuda or cpu (default: auto)")->option_text("NAME");
  sac::commands::add_number(app, "--hidden", hidden, sac::allowed::hidden,
                            "Width of both hidden layers (default: 256)");
  sac::commands::add_number(app, "--batch", batch, sac::allowed::batch,
                            "Transitions per gradient step (default: 256)");
  sac::commands::add_number(app, "--threads", threads, sac::allowed::threads,
                            "CPU threads (default: 1)");
  try {
    app.parse(argc, argv);
    serve(device, config_of(hidden, batch, threads));
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
  } catch (const CLI::ParseError& error) {
    return fail(2, error.what());
  } catch (const sac::UsageError& error) {
    return fail(2, error.what());
  } catch (const std::exception& error) {
    return fail(1, error.what());
  }
  return 0;
}
