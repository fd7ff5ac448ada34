#include "bench/cpu_benchmarks.h"

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "host/cpu/choose_arithmetic.h"
#include "host/cpu/gradient_step.h"
#include "host/cpu/rollout.h"
#include "kernels/env/registry.h"
#include "kernels/precision.h"

namespace sac::bench {
namespace {

/// Products of one row through an H x H layer per row of the batch: nine forwards, six input
/// gradients, four weight gradients. The learner needs five input gradients, since a row goes back
/// through its smaller Q alone.
constexpr int kForwards = 9, kInputGradients = 6, kWeightGradients = 4;

constexpr int kRolloutLimitRows = 128;  ///< of a product, as the rollout's tiles have

struct Case {
  int hidden = 256, batch = 256, threads = 1, agents = 1;
  int64_t envs = 4096;  ///< of each agent
  Precision precision = Precision::fp32;
};

std::string team_text(const Case& c) {
  return std::to_string(c.threads) + (c.threads == 1 ? " thread" : " threads");
}

std::string step_text(const Case& c) {
  return "hidden " + std::to_string(c.hidden) + ", batch " + std::to_string(c.batch) + ", " +
         team_text(c);
}

/// What distinguishes cases that share a limit: the fp32 products, for bf16 as well.
std::string variant_text(const Case& c) {
  std::string text;
  if (c.agents != 1) text += ", " + std::to_string(c.agents) + " agents";
  if (c.precision != Precision::fp32) text += std::string(", ") + precision_name(c.precision);
  return text;
}

LearnerConfig config_of(const Case& c) {
  const env::EnvironmentInfo& info = env::Environments::info[0];
  LearnerConfig config;
  config.environment = 0;
  config.shape = {.obs = info.obs, .act = info.act, .hidden = c.hidden};
  config.max_action = info.max_action;
  config.batch = c.batch;
  config.agents = c.agents;
  config.threads = c.threads;
  config.envs = c.envs;
  config.precision = c.precision;
  config.replay_capacity = 200'000;
  return config;
}

/// Runs `task` once on every thread of a team, each iteration.
template <class MakeTask>
void run_on_all_threads(benchmark::State& state, int threads, const MakeTask& make_task) {
  cpu::Team team(threads, cpu::keep_products_on_one_thread);
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
    const cpu::ProductShape rows{.m = b, .n = h, .k = h, .lda = h, .ldb = h, .ldc = h};
    const cpu::ProductShape weights{
        .m = h, .n = h, .k = b, .lda = h, .ldb = h, .ldc = h, .a_transposed = true};
    const size_t row_size = static_cast<size_t>(b * h), weight_size = static_cast<size_t>(h * h);
    struct Data {
      cpu::Product<float> rows, weights;
      cpu::Buffer<float> x, y, w, dw;
    };
    const auto d = std::make_shared<Data>(
        Data{cpu::Product<float>(rows), cpu::Product<float>(weights), cpu::Buffer<float>(row_size),
             cpu::Buffer<float>(row_size), cpu::Buffer<float>(weight_size),
             cpu::Buffer<float>(weight_size)});
    for (cpu::Buffer<float>* buffer : {&d->x, &d->y, &d->w, &d->dw}) buffer->fill(0.01f);
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

template <class Arithmetic>
void gradient_step(benchmark::State& state, const Case& c) {
  const LearnerConfig config = config_of(c);
  cpu::Team team(c.threads, cpu::keep_products_on_one_thread);
  cpu::keep_products_on_one_thread();
  cpu::GradientStep<Arithmetic> step(config, team);
  cpu::Rollout<Arithmetic> rollout(config, team);
  std::vector<cpu::Agent<Arithmetic>> agents;
  std::vector<int> learning;
  for (int p = 0; p < c.agents; ++p) {
    agents.emplace_back(config, RandomKey{static_cast<uint64_t>(p)}, step.tiles());
    learning.push_back(p);
  }
  constexpr uint64_t kSteps = 40;  // enough transitions to sample from
  for (uint64_t t = 0; t < kSteps; ++t)
    rollout.step(agents, learning, t, cpu::Rollout<Arithmetic>::Actions::random);
  uint64_t update = 0;
  for (auto _ : state) {
    step.run(agents, learning, update++,
             static_cast<uint32_t>(kSteps * static_cast<uint64_t>(config.envs)));
  }
}

void rollout_limit(benchmark::State& state, const Case& c) {
  const int h = c.hidden, rows = kRolloutLimitRows;
  run_on_all_threads(state, c.threads, [=] {
    struct Data {
      cpu::Product<float> product;
      cpu::Buffer<float> x, y, w;
    };
    const size_t row_size = static_cast<size_t>(rows * h);
    const auto d = std::make_shared<Data>(
        Data{cpu::Product<float>({.m = rows, .n = h, .k = h, .lda = h, .ldb = h, .ldc = h}),
             cpu::Buffer<float>(row_size), cpu::Buffer<float>(row_size),
             cpu::Buffer<float>(static_cast<size_t>(h * h))});
    for (cpu::Buffer<float>* buffer : {&d->x, &d->y, &d->w}) buffer->fill(0.01f);
    return [d] { d->product.run(d->x.data(), d->w.data(), nullptr, d->y.data()); };
  });
}

template <class Arithmetic>
void rollout(benchmark::State& state, const Case& c,
             typename cpu::Rollout<Arithmetic>::Actions actions) {
  const LearnerConfig config = config_of(c);
  cpu::Team team(c.threads, cpu::keep_products_on_one_thread);
  cpu::keep_products_on_one_thread();
  cpu::Rollout<Arithmetic> rollout(config, team);
  std::vector<cpu::Agent<Arithmetic>> agents;
  for (int p = 0; p < c.agents; ++p) {
    agents.emplace_back(config, RandomKey{static_cast<uint64_t>(p)}, ranks::Part{0, 1});
  }
  uint64_t t = 0;
  for (auto _ : state) rollout.step(agents, std::array{0}, t++, actions);
}

/// Vector steps of the simulators alone: actions in, rewards, ends and observations out.
void simulators(benchmark::State& state, int environment, const Case& c) {
  constexpr uint64_t kActions = 64;  // of each environment, one after another
  const env::EnvironmentInfo& info = env::Environments::info[environment];
  const RandomKey key{0};
  const auto batch = simulation::make_environment_batch<float>(environment, c.envs, key);
  batch->reset(0, c.envs, Purpose::reset, 0);
  const size_t envs = static_cast<size_t>(c.envs), obs = static_cast<size_t>(info.obs);
  std::vector<float> action(envs + kActions), reward(envs), terminated(envs), truncated(envs);
  std::vector<float> next_obs(envs * obs);
  for (uint32_t i = 0; i < action.size(); ++i) {
    const float uniform = uniform01<float>(random_word(key, Purpose::warm_up, i, 0));
    action[i] = static_cast<float>(info.max_action) * (2 * uniform - 1);
  }
  cpu::Team team(c.threads, cpu::keep_products_on_one_thread);
  uint64_t t = 0;
  for (auto _ : state) {
    team.run(c.threads, [&](int task, int) {
      const int64_t begin = c.envs * task / c.threads, end = c.envs * (task + 1) / c.threads;
      batch->step(begin, end, t, {&action[t % kActions + static_cast<size_t>(begin)], 1},
                  {.reward = {&reward[begin], 1},
                   .terminated = {&terminated[begin], 1},
                   .truncated = {&truncated[begin], 1},
                   .next_obs = {&next_obs[begin * info.obs], info.obs}});
    });
    ++t;
  }
}

template <class Function>
void add(TableReporter& reporter, const std::string& name, const TableRow& row,
         const Function& function) {
  benchmark::RegisterBenchmark(name.c_str(), function)
      ->UseRealTime()
      ->Unit(benchmark::kMicrosecond);
  reporter.add(name, row);
}

std::string step_limit_name(const Case& c) {
  return "products of a step: " + step_text(c);
}

void add_step_limit(TableReporter& reporter, const Case& c) {
  const std::string name = step_limit_name(c);
  add(reporter, name, {.title = name, .units = static_cast<double>(c.threads)},
      [c](benchmark::State& s) { step_limit(s, c); });
}

void add_gradient_step(TableReporter& reporter, const Case& c) {
  const std::string name = "gradient step: " + step_text(c) + variant_text(c);
  add(reporter, name,
      {.title = name,
       .units = static_cast<double>(c.agents),
       .limit = step_limit_name(c),
       .limit_units = static_cast<double>(c.threads)},
      [c](benchmark::State& s) {
        cpu::with_arithmetic(
            c.precision, [&]<class Arithmetic>(Arithmetic) { gradient_step<Arithmetic>(s, c); });
      });
}

std::string rollout_limit_name(const Case& c) {
  return "products of a rollout: hidden " + std::to_string(c.hidden) + ", " + team_text(c);
}

/// Environment steps per iteration of the limit.
double rollout_limit_units(const Case& c) {
  return static_cast<double>(kRolloutLimitRows * c.threads);
}

void add_rollout_limit(TableReporter& reporter, const Case& c) {
  const std::string name = rollout_limit_name(c);
  add(reporter, name, {.title = name, .units = rollout_limit_units(c)},
      [c](benchmark::State& s) { rollout_limit(s, c); });
}

void add_rollout(TableReporter& reporter, const Case& c) {
  const std::string name = "env steps: " + std::to_string(c.envs) + " envs, hidden " +
                           std::to_string(c.hidden) + ", " + team_text(c) + variant_text(c);
  add(reporter, name,
      {.title = name,
       .units = static_cast<double>(c.envs * c.agents),
       .limit = rollout_limit_name(c),
       .limit_units = rollout_limit_units(c)},
      [c](benchmark::State& s) {
        cpu::with_arithmetic(c.precision, [&]<class Arithmetic>(Arithmetic) {
          rollout<Arithmetic>(s, c, cpu::Rollout<Arithmetic>::Actions::policy);
        });
      });
}

void add_simulators(TableReporter& reporter, int environment, const Case& c) {
  const std::string name =
      "simulator steps: " + std::string(env::Environments::info[environment].id) + ", " +
      std::to_string(c.envs) + " envs, " + team_text(c);
  add(reporter, name, {.title = name, .units = static_cast<double>(c.envs), .limit = {}},
      [=](benchmark::State& s) { simulators(s, environment, c); });
}

}  // namespace

void register_cpu_benchmarks(TableReporter& reporter) {
  for (const int threads : {1, 2}) {
    for (const Case& c : {Case{.batch = 64, .threads = threads},
                          {.batch = 256, .threads = threads},
                          {.batch = 1024, .threads = threads},
                          {.hidden = 64, .batch = 100, .threads = threads}}) {
      add_step_limit(reporter, c);
      add_gradient_step(reporter, c);
    }
  }
  add_gradient_step(reporter, {.hidden = 64, .batch = 100, .threads = 2, .agents = 8});
  add_gradient_step(reporter, {.threads = 2, .agents = 8});
  for (const Case& c : {Case{}, {.batch = 1024}, {.hidden = 64, .batch = 100}}) {
    Case bf16 = c;
    bf16.threads = 2;
    bf16.precision = Precision::bf16;
    add_gradient_step(reporter, bf16);
  }
  for (const int hidden : {64, 256}) {
    add_rollout_limit(reporter, {.hidden = hidden, .threads = 2});
    for (const int64_t envs : {1024, 4096, 65536}) {
      add_rollout(reporter, {.hidden = hidden, .threads = 2, .envs = envs});
    }
  }
  add_rollout(reporter, {.threads = 2, .agents = 8, .envs = 1024});
  add_rollout(reporter, {.threads = 2, .precision = Precision::bf16});
  add_rollout_limit(reporter, {.threads = 1});
  add_rollout(reporter, {.threads = 1});
  const Case no_policy{.hidden = 32, .threads = 2};
  const std::string name = "env steps without policy: 4096 envs, 2 threads";
  add(reporter, name, {.title = name, .units = 4096, .limit = {}}, [=](benchmark::State& s) {
    rollout<cpu::Float32>(s, no_policy, cpu::Rollout<cpu::Float32>::Actions::random);
  });
  for (int e = 0; e < env::Environments::size; ++e) add_simulators(reporter, e, {.threads = 2});
}

}  // namespace sac::bench
