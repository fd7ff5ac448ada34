// What a process holds while it trains for long, and while it makes learners and lets them go.
// Usage: sac_growth cpu|cuda DIRECTORY UPDATES LEARNERS
// Prints both; exit code 1 if either grows.
#include <malloc.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>

#include "host/cuda/gpu.h"
#include "host/devices/devices.h"
#include "host/training/interrupts.h"
#include "host/training/progress.h"
#include "host/training/run_directory.h"
#include "host/training/trainer.h"

namespace sac {
namespace {

namespace fs = std::filesystem;

// The allocator counts as held what every thread keeps at hand for its next call of the same size:
// in a run, which starts a thread for each state, twice what was seen of it.
constexpr int64_t kNoiseOfARun = 128 << 10, kNoiseOfLearners = 32 << 10;

struct Held {
  int64_t heap = 0;    ///< bytes that were allocated and not freed
  int64_t device = 0;  ///< bytes that are free on the device
  int64_t threads = 0, files = 0;
};

int64_t entries(const char* directory) {
  int64_t count = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(directory)) ++count;
  return count;
}

Held held(bool cuda) {
  const struct mallinfo2 heap = mallinfo2();
  Held h;
  h.heap = static_cast<int64_t>(heap.uordblks + heap.hblkhd);
  h.device = cuda ? static_cast<int64_t>(cuda::gpu_memory().free) : 0;
  h.threads = entries("/proc/self/task");
  h.files = entries("/proc/self/fd");
  return h;
}

// Between two moments between which nothing may have been kept but so many bytes.
bool grown(const char* what, const Held& before, const Held& after, int64_t allowed) {
  const bool more = after.heap - before.heap > allowed || after.device < before.device ||
                    after.threads > before.threads || after.files > before.files;
  std::printf(
      "%s: heap %+lld bytes (%lld allowed), device %+lld, threads %+lld, open files %+lld%s\n",
      what, static_cast<long long>(after.heap - before.heap), static_cast<long long>(allowed),
      static_cast<long long>(before.device - after.device),
      static_cast<long long>(after.threads - before.threads),
      static_cast<long long>(after.files - before.files), more ? ": GROWN" : "");
  return more;
}

training::TrainOptions small_options(const std::string& device) {
  training::TrainOptions o;
  o.env = "Pendulum-v1";
  o.device = device;
  o.hidden = device == "cpu" ? 8 : 32;
  o.envs = 8;
  o.agents = 2;
  o.batch = 8;
  o.replay_size = 200;
  o.warmup = 8;
  o.updates_per_step = 4;
  o.eval_every = 400;
  o.eval_episodes = 1;
  o.threads = 2;
  o.save_every = 0.1;
  o.keep_going = true;
  o.quiet = true;
  return o;
}

// One run in ten pieces, so that there are moments at which nothing is under way. metrics.csv is
// kept in memory, as a state has it: that string, and nothing else, may grow.
bool grows_over_iterations(const std::string& device, const std::string& out, int64_t updates) {
  constexpr int kPieces = 10;
  training::TrainOptions options = small_options(device);
  options.out = out;
  training::TrainConfig config = training::resolve(options);
  std::ostringstream nowhere;
  nowhere.setstate(std::ios::failbit);  // keeps nothing
  const training::Interrupts interrupts;
  const training::Callbacks callbacks{.interrupted = [&] { return interrupts.signal() != 0; },
                                      .evaluated = {}};
  const auto learner = devices::make_learner(config.device.device, config.learner);
  training::RunDirectory directory(config, learner->description());
  training::ProgressDisplay display(config, training::ProgressMode::lines, nowhere);
  training::RunRecord record;
  Held early;
  int64_t early_metrics = 0;
  const auto metrics = [&] { return static_cast<int64_t>(directory.metrics().capacity()); };
  for (int piece = 1; piece <= kPieces; ++piece) {
    config.updates = updates * piece / kPieces;
    record = training::Trainer(config, *learner, directory, display, callbacks, record).run();
    if (const auto failure = directory.finish()) {
      std::fprintf(stderr, "%s\n", failure->c_str());
      return true;
    }
    if (piece > 1) continue;  // the first one warms up
    early = held(device == "cuda");
    early_metrics = metrics();
  }
  const int64_t more_metrics = metrics() - early_metrics;
  std::printf("%s, %lld gradient steps, %lld evaluations: metrics.csv in memory %+lld bytes\n",
              device.c_str(), static_cast<long long>(record.updates),
              static_cast<long long>(record.evaluations), static_cast<long long>(more_metrics));
  return grown("  kept", early, held(device == "cuda"), more_metrics + kNoiseOfARun);
}

// A learner that does all there is to do, and is let go.
void make_and_let_go(const std::string& device, int i) {
  training::TrainOptions options = small_options(device);
  options.precision = i % 2 == 0 ? "fp32" : "bf16";
  options.threads = 1 + i % 3;
  const training::TrainConfig config = training::resolve(options);
  const auto learner = devices::make_learner(config.device.device, config.learner);
  learner->warm_up(1);
  learner->train(1);
  learner->evaluate({.episodes = 1, .seed = 1});
  learner->restore(learner->snapshot());
}

bool grows_over_learners(const std::string& device, int count) {
  Held early;
  for (int i = 0; i < count; ++i) {
    if (i == count / 10) early = held(device == "cuda");  // after tables that are made once
    make_and_let_go(device, i);
  }
  std::printf("%s, %d learners made and let go\n", device.c_str(), count);
  return grown("  kept", early, held(device == "cuda"), kNoiseOfLearners);
}

}  // namespace
}  // namespace sac

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const std::string device = argv[1];
  const bool iterations = sac::grows_over_iterations(device, argv[2], std::atoll(argv[3]));
  const bool learners = sac::grows_over_learners(device, std::atoi(argv[4]));
  return iterations || learners ? 1 : 0;
}
