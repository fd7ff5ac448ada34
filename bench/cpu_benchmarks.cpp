#include "bench/cpu_benchmarks.h"

#include <memory>
#include <string>
#include <vector>

#include "host/cpu/gradient_step.h"
#include "host/cpu/rollout.h"
#include "kernels/env/registry.h"

namespace sac {
namespace {

/// Products of one row through an H x H layer per row of the batch: nine forwards, six input
/// gradients, four weight gradients (kernels/layout.h's five networks, algorithm.md's step).
constexpr int kForwards = 9, kInputGradients = 6, kWeightGradients = 4;

struct Case {
  int hidden, batch, threads, agents;

  std::string text() const {
    return "hidden " + std::to_string(hidden) + ", batch " + std::to_string(batch) + ", " +
           std::to_string(threads) + (threads == 1 ? " thread" : " threads") +
           (agents == 1 ? "" : ", " + std::to_string(agents) + " agents");
  }
};

LearnerConfig config_of(const Case& c) {
  const EnvironmentInfo& info = Environments::info[0];
  LearnerConfig config;
  config.environment = 0;
  config.shape = {.obs = info.obs, .act = info.act, .hidden = c.hidden};
  config.max_action = info.max_action;
  config.batch = c.batch;
  config.agents = c.agents;
  config.threads = c.threads;
  config.replay_capacity = 200'000;
  return config;
}

/// Runs `task` once on every thread of a team, each iteration.
template <class MakeTask>
void run_on_all_threads(benchmark::State& state, int threads, const MakeTask& make_task) {
  Team team(threads, keep_products_on_one_thread);
  std::vector<decltype(make_task())> tasks;
  for (int i = 0; i < threads; ++i) tasks.push_back(make_task());
  for (auto _ : state) {
    team.run(threads, [&](int task, int) { tasks[static_cast<size_t>(task)](); });
  }
}

/// The matrix products of one gradient step and nothing else, whole batches, one step a thread.
void step_limit(benchmark::State& state, const Case& c) {
  const int h = c.hidden, b = c.batch;
  run_on_all_threads(state, c.threads, [=] {
    const ProductShape rows{.m = b, .n = h, .k = h, .lda = h, .ldb = h, .ldc = h};
    const ProductShape weights{
        .m = h, .n = h, .k = b, .lda = h, .ldb = h, .ldc = h, .a_transposed = true};
    const size_t row_size = static_cast<size_t>(b * h), weight_size = static_cast<size_t>(h * h);
    struct Data {
      Product<float> rows, weights;
      Buffer<float> x, y, w, dw;
    };
    const auto d = std::make_shared<Data>(
        Data{Product<float>(rows), Product<float>(weights), Buffer<float>(row_size),
             Buffer<float>(row_size), Buffer<float>(weight_size), Buffer<float>(weight_size)});
    for (Buffer<float>* buffer : {&d->x, &d->y, &d->w, &d->dw}) buffer->fill(0.01f);
    return [d] {
      for (int i = 0; i < kForwards + kInputGradients; ++i) {
        d->rows.run(d->x.data(), d->w.data(), nullptr, d->y.data());
      }
      for (int i = 0; i < kWeightGradients; ++i) {
        d->weights.run(d->x.data(), d->y.data(), nullptr, d->dw.data());
      }
    };
  });
}

void gradient_step(benchmark::State& state, const Case& c) {
  const LearnerConfig config = config_of(c);
  Team team(c.threads, keep_products_on_one_thread);
  keep_products_on_one_thread();
  GradientStep<float> step(config, team);
  Rollout<float> rollout(config, team);
  std::vector<Agent<float>> agents;
  for (int p = 0; p < c.agents; ++p) {
    agents.emplace_back(config, RandomKey{static_cast<uint64_t>(p)}, step.tiles());
  }
  constexpr uint64_t kSteps = 40;  // enough transitions to sample from
  for (uint64_t t = 0; t < kSteps; ++t) rollout.step(agents, t, Rollout<float>::Actions::random);
  uint64_t update = 0;
  for (auto _ : state) {
    step.run(agents, update++, static_cast<uint32_t>(kSteps * static_cast<uint64_t>(config.envs)));
  }
}

void rollout_limit(benchmark::State& state, const Case& c) {
  const int h = c.hidden, rows = 128;
  run_on_all_threads(state, c.threads, [=] {
    struct Data {
      Product<float> product;
      Buffer<float> x, y, w;
    };
    const size_t row_size = static_cast<size_t>(rows * h);
    const auto d = std::make_shared<Data>(
        Data{Product<float>({.m = rows, .n = h, .k = h, .lda = h, .ldb = h, .ldc = h}),
             Buffer<float>(row_size), Buffer<float>(row_size),
             Buffer<float>(static_cast<size_t>(h * h))});
    for (Buffer<float>* buffer : {&d->x, &d->y, &d->w}) buffer->fill(0.01f);
    return [d] { d->product.run(d->x.data(), d->w.data(), nullptr, d->y.data()); };
  });
}

void rollout(benchmark::State& state, const Case& c, Rollout<float>::Actions actions) {
  const LearnerConfig config = config_of(c);
  Team team(c.threads, keep_products_on_one_thread);
  keep_products_on_one_thread();
  Rollout<float> rollout(config, team);
  std::vector<Agent<float>> agents;
  agents.emplace_back(config, RandomKey{0}, 1);
  uint64_t t = 0;
  for (auto _ : state) rollout.step(agents, t++, actions);
}

template <class Function>
void add(TableReporter& reporter, const std::string& name, const TableRow& row,
         const Function& function) {
  benchmark::RegisterBenchmark(name.c_str(), function)
      ->UseRealTime()
      ->Unit(benchmark::kMicrosecond);
  reporter.add(name, row);
}

void add_gradient_step(TableReporter& reporter, const Case& c) {
  const std::string limit = "products of a step: " + c.text();
  add(reporter, limit, {.title = limit, .units = static_cast<double>(c.threads)},
      [c](benchmark::State& s) { step_limit(s, c); });
  const std::string name = "gradient step: " + c.text();
  add(reporter, name,
      {.title = name,
       .units = static_cast<double>(c.agents),
       .limit = limit,
       .limit_units = static_cast<double>(c.threads)},
      [c](benchmark::State& s) { gradient_step(s, c); });
}

void add_rollout(TableReporter& reporter, const Case& c) {
  const double envs = static_cast<double>(config_of(c).envs);
  const std::string what = "4096 envs, hidden " + std::to_string(c.hidden) + ", " +
                           std::to_string(c.threads) + " threads";
  const std::string limit = "products of a rollout: " + what;
  const double limit_units = 128.0 * c.threads;
  add(reporter, limit, {.title = limit, .units = limit_units},
      [c](benchmark::State& s) { rollout_limit(s, c); });
  const std::string name = "env steps with policy: " + what;
  add(reporter, name, {.title = name, .units = envs, .limit = limit, .limit_units = limit_units},
      [c](benchmark::State& s) { rollout(s, c, Rollout<float>::Actions::policy); });
}

}  // namespace

void register_cpu_benchmarks(TableReporter& reporter) {
  for (const Case& c : {Case{256, 256, 1, 1},
                        {256, 256, 2, 1},
                        {256, 1024, 2, 1},
                        {64, 100, 1, 1},
                        {64, 100, 2, 1},
                        {64, 100, 2, 8}}) {
    add_gradient_step(reporter, c);
  }
  add_rollout(reporter, {256, 256, 2, 1});
  add_rollout(reporter, {64, 256, 2, 1});
  const Case no_policy{32, 256, 2, 1};
  const std::string name = "env steps without policy: 4096 envs, 2 threads";
  add(reporter, name, {.title = name, .units = 4096, .limit = {}},
      [=](benchmark::State& s) { rollout(s, no_policy, Rollout<float>::Actions::random); });
}

}  // namespace sac
