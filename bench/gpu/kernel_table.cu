#include "bench/gpu/kernel_table.h"

#include <cstring>

#include "bench/gpu/cases.h"
#include "bench/gpu/cost_model.h"
#include "host/cuda/agent_memory.h"
#include "kernels/launch.h"

namespace sac {
namespace {

Table empty_table() {
  return {.key = "kernels",
          .title = "Kernels: measured, and how far from the limit and from the cost model",
          .columns = {{"kernel", "kernel", Style::text},
                      {"case", "case", Style::text},
                      {"precision", "precision", Style::text},
                      {"hot_us", "samples", Style::samples},
                      {"hot_median_us", "hot µs", Style::plain},
                      {"hot_spread", "spread", Style::percent},
                      {"flop", "FLOP", Style::scaled},
                      {"bytes", "bytes", Style::scaled},
                      {"limit_us", "limit µs", Style::plain},
                      {"share", "share", Style::percent},
                      {"predicted_us", "predicted µs", Style::plain},
                      {"measured_over_predicted", "measured / predicted", Style::multiple},
                      {"cold_us", "samples", Style::samples},
                      {"cold_median_us", "cold µs", Style::plain},
                      {"cold_spread", "spread", Style::percent},
                      {"cold_limit_us", "cold limit µs", Style::plain},
                      {"cold_share", "cold share", Style::percent}},
          .notes = {
              "Hot: in a graph of many, the graph node included; cold: launched alone, L2 filled "
              "with something else. FLOP: of the H x H products. Bytes: through L2. The limit is "
              "the slower of the two at their ceilings; cold, device memory's too. Predicted: the "
              "cost model's estimate for an H100 SXM (kernels/README.md), graph nodes included."}};
}

/// Training state on the device, as a learner has it, ready for every kernel.
class Bench {
 public:
  Bench(const LearnerConfig& config, const Stream& stream) : memory_(config) {
    const DeviceState& d = memory_.device();
    launch_initialise(d, stream.get());
    launch_start_environments(d, stream.get());
    const int steps = static_cast<int>(config.replay_capacity / config.envs);
    launch_rollout(d, steps, true, stream.get());
    launch_gradients(d, {}, stream.get());
    launch_update(d, stream.get());
    stream.synchronise();
  }

  const DeviceState& device() const { return memory_.device(); }

 private:
  AgentMemory memory_;
};

/// Adds rows of one table.
class Rows {
 public:
  Rows(const Stopwatch& stopwatch, const Ceilings& ceilings, Table& table)
      : stopwatch_(stopwatch), ceilings_(ceilings), table_(table) {}

  /// `predicted` includes graph nodes.
  void add(const std::string& kernel, const std::string& what, Precision precision,
           const cost::Cost& cost, double predicted, const Submit& submit) {
    const Samples hot = stopwatch_.hot(submit), cold = stopwatch_.cold(submit);
    const double limit = ceilings_.limit(cost, precision);
    const double cold_limit = ceilings_.cold_limit(cost, precision);
    table_.rows.push_back({kernel, what, text(precision), hot.values(), hot.median(), hot.spread(),
                           cost.flops, cost.l2_bytes, limit, limit / hot.median(), predicted,
                           hot.median() / predicted, cold.values(), cold.median(), cold.spread(),
                           cold_limit, cold_limit / cold.median()});
  }

 private:
  const Stopwatch& stopwatch_;
  const Ceilings& ceilings_;
  Table& table_;
};

constexpr const cost::Gpu& kGpu = cost::kH100Sxm;

void add_step(const Stopwatch& stopwatch, const StepCase& c, Precision precision, Rows& rows) {
  LearnerConfig config = bench_config(0, c.hidden, c.batch, c.batch, c.agents);
  config.precision = precision;
  const Bench bench(config, stopwatch.stream());
  const DeviceState& d = bench.device();
  const cost::Sizes sizes{config.shape, c.batch, 0, c.agents, precision};
  const cudaStream_t stream = stopwatch.stream().get();
  const auto wave1 = [&] { launch_gradients(d, {}, stream); };
  const auto wave2 = [&] { launch_update(d, stream); };
  const cost::Cost gradients = cost::gradients(kGpu, sizes), update = cost::update(kGpu, sizes),
                   step = cost::gradient_step(kGpu, sizes);
  rows.add("wave 1", text(c), precision, gradients, gradients.micros + kGpu.node, wave1);
  rows.add("wave 2", text(c), precision, update, update.micros + kGpu.node, wave2);
  rows.add("gradient step", text(c), precision, step, step.micros, [&] {
    wave1();
    wave2();
  });
}

void add_rollout(const Stopwatch& stopwatch, const RolloutCase& c, Precision precision,
                 Rows& rows) {
  LearnerConfig config = bench_config(0, c.hidden, 1, c.envs, c.agents);
  config.precision = precision;
  const Bench bench(config, stopwatch.stream());
  const cost::Sizes sizes{config.shape, 0, static_cast<double>(c.envs), c.agents, precision};
  const cost::Cost cost = cost::rollout(kGpu, sizes);
  rows.add("rollout", text(c), precision, cost, cost.micros + kGpu.node,
           [&] { launch_rollout(bench.device(), 1, false, stopwatch.stream().get()); });
}

/// Pendulum-v1: its episodes all have the same length.
int environment_of_fixed_length() {
  int index = 0;
  while (std::strcmp(Environments::info[index].id, "Pendulum-v1") != 0) ++index;
  return index;
}

void add_evaluation(const Stopwatch& stopwatch, int hidden, int episodes, Precision precision,
                    Rows& rows) {
  const int environment = environment_of_fixed_length();
  LearnerConfig config = bench_config(environment, hidden, 1, episodes, 1);
  config.precision = precision;
  const Bench bench(config, stopwatch.stream());
  const DeviceArray<double> returns(static_cast<size_t>(episodes));
  const DeviceArray<int> lengths(static_cast<size_t>(episodes));
  const cost::Sizes sizes{config.shape, 0, 0, 1, precision};
  const cost::Cost cost =
      cost::evaluation(kGpu, sizes, episodes, Environments::info[environment].time_limit);
  rows.add("evaluation",
           "hidden " + std::to_string(hidden) + ", " + std::to_string(episodes) + " episodes",
           precision, cost, cost.micros + kGpu.node, [&] {
             launch_evaluate(bench.device(), {episodes, 1, returns.data(), lengths.data()},
                             stopwatch.stream().get());
           });
}

}  // namespace

Table kernel_table(const Stopwatch& stopwatch, const Ceilings& ceilings, bool tiny) {
  Table table = empty_table();
  Rows rows(stopwatch, ceilings, table);
  for (const Precision precision : kPrecisions) {
    for (const StepCase& c : step_cases(tiny)) add_step(stopwatch, c, precision, rows);
    for (const RolloutCase& c : rollout_cases(tiny)) add_rollout(stopwatch, c, precision, rows);
    tiny ? add_evaluation(stopwatch, 32, 16, precision, rows)
         : add_evaluation(stopwatch, 256, 100, precision, rows);
  }
  return table;
}

}  // namespace sac
