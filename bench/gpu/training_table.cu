#include "bench/gpu/tables.h"

#include <chrono>
#include <cmath>

#include "bench/gpu/cases.h"
#include "bench/gpu/over_cublas.h"
#include "host/cuda/agent_memory.h"
#include "host/cuda/backend.h"
#include "host/cuda/blas.h"
#include "host/cuda/cuda_learner.h"
#include "host/cuda/gpu.h"

namespace sac::bench {
namespace {

double micros_now() {
  using namespace std::chrono;
  return duration<double, std::micro>(steady_clock::now().time_since_epoch()).count();
}

template <class Work>
double micros_of(const Work& work) {
  const double begin = micros_now();
  work();
  return micros_now() - begin;
}

struct TrainingCase {
  int hidden, batch;
  int64_t envs;
  int updates_per_step, agents;
};

/// The default preset; a step of twice the batch, and from there one axis after the other; the
/// article's setting.
std::vector<TrainingCase> training_cases(bool tiny) {
  if (tiny) return {{32, 24, 24, 2, 1}};
  return {{256, 128, 4096, 8, 1},   {256, 256, 4096, 16, 1},  {256, 1024, 4096, 16, 1},
          {256, 8192, 4096, 16, 1}, {64, 256, 4096, 16, 1},   {128, 256, 4096, 16, 1},
          {256, 256, 4096, 16, 8},  {256, 256, 4096, 16, 64}, {256, 256, 1, 1, 1}};
}

std::string text(const TrainingCase& c) {
  return with_agents("hidden " + std::to_string(c.hidden) + ", batch " + std::to_string(c.batch) +
                         ", envs " + std::to_string(c.envs) + ", " +
                         std::to_string(c.updates_per_step) + " updates a step",
                     c.agents);
}

LearnerConfig config_of(const TrainingCase& c, const Variant& variant) {
  LearnerConfig config = bench_config(variant, 0, c.hidden, c.batch, c.envs, c.agents);
  config.updates_per_step = c.updates_per_step;
  return config;
}

/// Vector steps until there is a batch.
int64_t warm_up_steps(const LearnerConfig& c) {
  return (c.batch + c.envs - 1) / c.envs;
}

/// About as many cycles as wanted: a few, or whole graphs, which are a few hundred kernels.
int64_t cycles_at_once(const LearnerConfig& c, double wanted) {
  const int64_t graph = 256 / (1 + 2 * c.updates_per_step) + 1;
  const int64_t cycles = std::max<int64_t>(1, std::llround(wanted));
  return cycles < graph ? cycles : cycles / graph * graph;
}

/// Microseconds of a cycle: one vector step and its updates.
Samples cycle_micros(const LearnerConfig& config, const Effort& effort) {
  const std::unique_ptr<Learner> learner = cuda::make_cuda_learner(config);
  learner->warm_up(warm_up_steps(config));
  learner->train(1);  // loads the kernels
  const double micros = micros_of([&] { learner->train(1); });
  const int64_t cycles = cycles_at_once(config, 100 * effort.sample_micros / micros);
  learner->train(cycles);  // captures the graph
  std::vector<double> samples;
  for (int i = 0; i < effort.cold_samples; ++i) {
    samples.push_back(micros_of([&] { learner->train(cycles); }) / static_cast<double>(cycles));
  }
  return Samples(std::move(samples));
}

/// Nodes of a graph: kernels, and copies if there are any.
struct NodeCount {
  int64_t per_update;       ///< one gradient step of all agents
  int64_t per_vector_step;  ///< one step of all environments
};

/// What a learner of this configuration submits, after it has done so once.
NodeCount count_nodes(const LearnerConfig& config, const cuda::Stream& stream) {
  const cuda::AgentMemory memory(config);
  const DeviceState& d = memory.device();
  const std::unique_ptr<cuda::Backend> backend = cuda::make_backend(config, d, stream);
  const auto update = [&] {
    backend->gradients(d, {});
    backend->update(d);
  };
  const auto vector_step = [&] { backend->rollout(d, 1, false); };
  update();  // a library may do more the first time
  vector_step();
  const NodeCount count = {cuda::Graph(stream, update).nodes(),
                           cuda::Graph(stream, vector_step).nodes()};
  stream.synchronise();
  return count;
}

void add_row(const TrainingCase& c, const Variant& variant, const cuda::Stream& stream,
             const Effort& effort, Table& table, OverCublas& over_cublas) {
  const LearnerConfig config = config_of(c, variant);
  const Samples cycle = cycle_micros(config, effort);
  const Samples update = cycle.mapped(
      [&](double micros) { return micros / (config.updates_per_step * config.agents); });
  const double env_steps = static_cast<double>(config.envs * config.agents) * 1e6 / cycle.median();
  const NodeCount nodes = count_nodes(config, stream);
  table.rows.push_back({text(c), text(variant), Cell{}, update.values(), update.median(),
                        update.spread(), 1e6 / update.median(), env_steps,
                        static_cast<double>(nodes.per_update),
                        static_cast<double>(nodes.per_vector_step), Cell{}});
  over_cublas.measured(table, text(c), variant, update.median());
}

/// The row of a case where cuBLAS fails.
void add_failure(const TrainingCase& c, const Variant& variant, const std::string& why,
                 Table& table) {
  std::vector<Cell> row = {text(c), text(variant), why};
  row.resize(table.columns.size());
  table.rows.push_back(std::move(row));
}

/// Makes a learner and does one update; a row for each part.
void add_start(const std::string& when, const LearnerConfig& config, Table& table) {
  std::unique_ptr<Learner> learner;
  const double made = micros_of([&] { learner = cuda::make_cuda_learner(config); });
  const double updated = micros_of([&] {
    learner->warm_up(warm_up_steps(config));
    learner->train(1);
  });
  table.rows.push_back({when + ": learner made", made / 1e3});
  table.rows.push_back({when + ": warm-up, first vector step and updates", updated / 1e3});
}

}  // namespace

Table startup_table(const Variant& variant, bool tiny) {
  Table table{.key = "startup",
              .title = "From nothing to the first update, default preset",
              .columns = {{"what", "what", Style::text}, {"ms", "ms", Style::plain}},
              .notes = {"Once each, by the wall clock: a process starts once."}};
  const LearnerConfig config = config_of(training_cases(tiny).front(), variant);
  table.rows.push_back(
      {"CUDA started, a kernel's code found", 1e3 * cuda::probe_gpu().first_seconds});
  add_start("first", config, table);
  add_start("again", config, table);
  return table;
}

Table training_table(const Stopwatch& stopwatch, const Effort& effort, Variants variants, bool tiny,
                     const Keep& keep) {
  Table table{
      .key = "training",
      .title = "Training, end to end: the learner's own loop, by the wall clock",
      .columns = {{"case", "case", Style::text},
                  {"variant", "variant", Style::text},
                  {"failure", "", Style::text},
                  {"update_us", "samples", Style::samples},
                  {"update_median_us", "µs per update", Style::plain},
                  {"spread", "spread", Style::percent},
                  {"updates_per_second", "updates/s", Style::scaled},
                  {"env_steps_per_second", "env steps/s", Style::scaled},
                  {"nodes_per_update", "nodes per update", Style::whole},
                  {"nodes_per_vector_step", "per vector step", Style::whole},
                  {"over_cublas", "over cuBLAS", Style::multiple}},
      .notes = {
          "Updates are all agents' gradient steps; their time includes their share of "
          "the vector step. Nodes: kernels of a captured graph, and copies if there are any."}};
  OverCublas over_cublas;
  for (const TrainingCase& c : training_cases(tiny)) {
    for (const Variant& variant : variants) {
      if (!fits(variant, c.hidden)) continue;
      try {
        add_row(c, variant, stopwatch.stream(), effort, table, over_cublas);
      } catch (const cuda::BlasError& error) {
        add_failure(c, variant, error.what(), table);
      }
      keep(table);
    }
  }
  over_cublas.fill(table);
  return table;
}

}  // namespace sac::bench
