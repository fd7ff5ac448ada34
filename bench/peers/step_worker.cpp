// sac_step_worker: this project's gradient steps, timed sample by sample for bench/peers. Speaks
// the protocol of step_worker.py: one JSON line when ready; then, for each line on stdin that holds
// a number of seconds, one JSON line with the steps done and the seconds they took.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
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
struct Options {
  std::string device = "auto", env = sac::environment_info(0).id;
  int hidden = 256, batch = 256, threads = 1;
  int updates_per_step = 20;  ///< so many that a step of the one environment costs next to nothing
};

sac::LearnerConfig config_of(const Options& options) {
  sac::LearnerConfig config;
  config.environment = sac::environment_index(options.env);
  const sac::env::EnvironmentInfo& info = sac::environment_info(config.environment);
  config.shape = {.obs = info.obs, .act = info.act, .hidden = options.hidden};
  config.max_action = info.max_action;
  config.batch = options.batch;
  config.threads = options.threads;
  config.envs = 1;
  config.updates_per_step = options.updates_per_step;
  config.replay_capacity = kTransitions;
  return config;
}

/// Gradient steps between two looks at the clock.
constexpr int kStepsPerLook = 20;

nlohmann::json sample(sac::Learner& learner, int updates_per_step, double wanted) {
  const int cycles_per_look = std::max(1, kStepsPerLook / updates_per_step);
  int64_t cycles = 0;
  double seconds = 0;
  const Clock::time_point begin = Clock::now();
  while (seconds < wanted) {
    learner.train(cycles_per_look);
    cycles += cycles_per_look;
    seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  }
  return {{"steps", cycles * updates_per_step}, {"seconds", seconds}};
}

/// Seconds to measure, from a line on stdin.
double wanted_seconds(const std::string& line) {
  return sac::parse_number<double>("a sample's seconds", line, sac::allowed::seconds);
}

void serve(const Options& options) {
  const std::unique_ptr<sac::Learner> learner = sac::devices::make_learner(
      sac::devices::choose_device(options.device).device, config_of(options));
  learner->warm_up(kTransitions);
  learner->train(1);
  const nlohmann::json ready = {{"description", learner->description()}, {"compile_seconds", 0}};
  std::cout << ready << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << sample(*learner, options.updates_per_step, wanted_seconds(line)) << std::endl;
  }
}

int fail(int exit_code, const std::string& message) {
  fmt::print(stderr, "sac_step_worker: {}\n", message);
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Gradient steps of sac_cuda, timed sample by sample. See bench/peers/README.md.");
  Options options;
  app.add_option("--device", options.device, "auto, cuda or cpu (default: auto)")
      ->option_text("NAME");
  app.add_option("--env", options.env, "The environment (default: " + options.env + ")")
      ->option_text("ID");
  sac::commands::add_number(app, "--hidden", options.hidden, sac::allowed::hidden,
                            "Width of both hidden layers (default: 256)");
  sac::commands::add_number(app, "--batch", options.batch, sac::allowed::batch,
                            "Transitions per gradient step (default: 256)");
  sac::commands::add_number(app, "--threads", options.threads, sac::allowed::threads,
                            "CPU threads (default: 1)");
  sac::commands::add_number(app, "--updates-per-step", options.updates_per_step,
                            sac::allowed::updates_per_step,
                            "Gradient steps per step of the environment (default: 20)");
  try {
    app.parse(argc, argv);
    serve(options);
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
