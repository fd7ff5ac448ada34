// A training run with all its threads, to be compiled for ThreadSanitizer: the learner's team, the
// thread that writes states and the one that listens for signals. No signal is sent:
// ThreadSanitizer holds one back until its thread calls something that it knows, and the listener
// waits in a futex.
// Usage: sac_races DIRECTORY SECONDS    trains in one way after another, in fresh directories
//        sac_races --race               has a race, to see that it is seen
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "host/cpu/cpu_learner.h"
#include "host/cpu/gemm.h"
#include "host/cpu/team.h"
#include "host/training/interrupts.h"
#include "host/training/progress.h"
#include "host/training/run_directory.h"
#include "host/training/trainer.h"

namespace sac {
namespace {

using Clock = std::chrono::steady_clock;

// What differs from one run to the next: how much of everything there is to share, and by how many.
training::TrainOptions options_of(int run) {
  const std::vector<std::string> environments{"Pendulum-v1", "InvertedPendulumBulletEnv-v0"};
  training::TrainOptions o;
  o.env = environments[run % 2];
  o.device = "cpu";
  o.precision = run % 4 < 2 ? "fp32" : "bf16";
  o.threads = 2 + run % 3;
  o.agents = 1 + run % 2;
  o.hidden = run % 3 == 0 ? 64 : 20;
  o.envs = 150;
  o.batch = 80;  // two tiles
  o.updates_per_step = 2;
  o.replay_size = 1000;
  o.eval_every = 20;
  o.eval_episodes = 40;
  o.updates = 60;
  o.save_every = 0.001;
  o.keep_going = true;
  o.quiet = true;
  o.seed = run;
  return o;
}

int64_t train_once(training::TrainOptions options, const std::string& directory) {
  options.out = directory;
  const training::TrainConfig config = training::resolve(options);
  std::ostringstream printed;
  const training::Interrupts interrupts;
  const auto learner = cpu::make_cpu_learner<float>(config.learner);
  training::RunDirectory files(config, learner->description());
  training::ProgressDisplay display(config, training::ProgressMode::lines, printed);
  const training::Callbacks callbacks{.interrupted = [&] { return interrupts.signal() != 0; },
                                      .evaluated = {}};
  training::Trainer trainer(config, *learner, files, display, callbacks);
  const training::RunRecord record = trainer.run();
  if (const auto failure = files.finish()) {
    std::fprintf(stderr, "%s\n", failure->c_str());
    std::exit(1);
  }
  return record.updates;
}

int race() {
  cpu::Team team(4, cpu::keep_products_on_one_thread);
  int sum = 0;
  for (int i = 0; i < 1000; ++i) team.run(64, [&](int task, int) { sum += task; });
  return sum == 0 ? 1 : 0;  // ThreadSanitizer's own exit code is another one
}

}  // namespace
}  // namespace sac

int main(int argc, char** argv) {
  if (argc == 2 && std::string(argv[1]) == "--race") return sac::race();
  if (argc != 3) return 2;
  const auto end = sac::Clock::now() + std::chrono::seconds(std::atoi(argv[2]));
  int64_t updates = 0;
  int runs = 0;
  do {
    updates += sac::train_once(sac::options_of(runs), argv[1] + std::to_string(runs));
    ++runs;
  } while (sac::Clock::now() < end);
  std::printf("%d runs, %lld gradient steps\n", runs, static_cast<long long>(updates));
}
