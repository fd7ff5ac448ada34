#include "bench/gpu/tables.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include "bench/gpu/cases.h"
#include "bench/gpu/cost_model.h"
#include "bench/gpu/over_cublas.h"
#include "host/cuda/agent_memory.h"
#include "host/cuda/backend.h"
#include "host/cuda/blas.h"
#include "kernels/fused/launch.h"
#include "kernels/sac/initialise.h"

namespace sac::bench {
namespace {

Table empty_table() {
  return {.key = "kernels",
          .title = "Kernels: measured, and how far from the limit and from the cost model",
          .columns = {{"kernel", "kernel", Style::text},
                      {"case", "case", Style::text},
                      {"variant", "variant", Style::text},
                      {"failure", "", Style::text},
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
                      {"cold_share", "cold share", Style::percent},
                      {"over_cublas", "over cuBLAS", Style::multiple}},
          .notes = {
              "Hot: in a graph of many, the graph node included; cold: launched alone, L2 filled "
              "with something else. FLOP: of the H x H products. Bytes: through L2. The limit is "
              "the slower of the two at their ceilings; cold, device memory's too. Predicted: the "
              "cost model's estimate for an H100 SXM (kernels/README.md), graph nodes included."}};
}

/// Training state on the device, as a learner has it, ready for every kernel.
class Bench {
 public:
  Bench(const LearnerConfig& config, const cuda::Stream& stream)
      : memory_(config), backend_(cuda::make_backend(config, memory_.device(), stream)) {
    launch_initialise(device(), stream.get());
    backend_->refresh_copies(device());
    launch_start_environments(device(), stream.get());
    const int64_t steps = config.replay_capacity / config.envs;
    backend_->rollout(device(), static_cast<int>(steps), true);
    vector_step();
    gradients();
    update();
    stream.synchronise();
  }

  void gradients() const { backend_->gradients(device(), {}); }
  void update() const { backend_->update(device()); }
  void vector_step() const { backend_->rollout(device(), 1, false); }
  void evaluate(const EpisodeResults& results) const { backend_->evaluate(device(), results); }

 private:
  const DeviceState& device() const { return memory_.device(); }

  cuda::AgentMemory memory_;
  std::unique_ptr<cuda::Backend> backend_;
};

/// Adds rows of one table.
class Rows {
 public:
  Rows(const Stopwatch& stopwatch, const Ceilings& ceilings, const Selection& only, Table& table)
      : stopwatch_(stopwatch), ceilings_(ceilings), only_(only), table_(table) {}

  /// Nothing if the kernel is not wanted. `predicted` includes graph nodes. cuBLAS has other costs,
  /// and gets the times alone.
  void add(const std::string& kernel, const std::string& what, const Variant& variant,
           const cost::Cost& cost, double predicted, const Submit& submit) {
    if (!only_.has_kernel(kernel)) return;
    const Samples hot = stopwatch_.hot(submit), cold = stopwatch_.cold(submit);
    std::vector<Cell> row(table_.columns.size());
    const auto put = [&](const char* key, const Cell& cell) {
      const auto column = std::ranges::find(table_.columns, key, &Column::key);
      row.at(static_cast<size_t>(column - table_.columns.begin())) = cell;
    };
    put("kernel", kernel);
    put("case", what);
    put("variant", text(variant));
    put("hot_us", hot.values());
    put("hot_median_us", hot.median());
    put("hot_spread", hot.spread());
    put("cold_us", cold.values());
    put("cold_median_us", cold.median());
    put("cold_spread", cold.spread());
    if (variant.mlp == Mlp::fused) {
      const double limit = ceilings_.limit(cost, variant.precision);
      const double cold_limit = ceilings_.cold_limit(cost, variant.precision);
      put("flop", cost.flops);
      put("bytes", cost.l2_bytes);
      put("limit_us", limit);
      put("share", limit / hot.median());
      put("predicted_us", predicted);
      put("measured_over_predicted", hot.median() / predicted);
      put("cold_limit_us", cold_limit);
      put("cold_share", cold_limit / cold.median());
    }
    table_.rows.push_back(std::move(row));
    over_cublas_.measured(table_, kernel + ", " + what, variant, hot.median());
  }

  /// A row of what could not be measured.
  void add_failure(const std::string& kernel, const std::string& what, const Variant& variant,
                   const std::string& why) {
    std::vector<Cell> row = {kernel, what, text(variant), why};
    row.resize(table_.columns.size());
    table_.rows.push_back(std::move(row));
  }

  void finish() { over_cublas_.fill(table_); }

 private:
  const Stopwatch& stopwatch_;
  const Ceilings& ceilings_;
  const Selection& only_;
  Table& table_;
  OverCublas over_cublas_;
};

constexpr const cost::Gpu& kGpu = cost::kH100Sxm;

void add_step(const Stopwatch& stopwatch, const StepCase& c, const Variant& variant, Rows& rows) {
  const LearnerConfig config = bench_config(variant, 0, c.hidden, c.batch, c.batch, c.agents);
  const Bench bench(config, stopwatch.stream());
  const cost::Sizes sizes{config.shape, c.batch, 0, c.agents, variant.precision};
  if (variant.mlp == Mlp::fused) {
    const cost::Cost gradients = cost::gradients(kGpu, sizes), update = cost::update(kGpu, sizes);
    rows.add("gradients", text(c), variant, gradients, gradients.micros + kGpu.node,
             [&] { bench.gradients(); });
    rows.add("update", text(c), variant, update, update.micros + kGpu.node,
             [&] { bench.update(); });
  }
  const cost::Cost step = cost::gradient_step(kGpu, sizes);
  rows.add("gradient step", text(c), variant, step, step.micros, [&] {
    bench.gradients();
    bench.update();
  });
}

void add_rollout(const Stopwatch& stopwatch, const RolloutCase& c, const Variant& variant,
                 Rows& rows) {
  const LearnerConfig config = bench_config(variant, 0, c.hidden, 1, c.envs, c.agents);
  const Bench bench(config, stopwatch.stream());
  const cost::Cost cost = cost::rollout(
      kGpu, {config.shape, 0, static_cast<double>(c.envs), c.agents, variant.precision});
  rows.add("rollout", text(c), variant, cost, cost.micros + kGpu.node,
           [&] { bench.vector_step(); });
}

/// Pendulum-v1: its episodes all have the same length.
int environment_of_fixed_length() {
  int index = 0;
  while (std::strcmp(env::Environments::info[index].id, "Pendulum-v1") != 0) ++index;
  return index;
}

/// In fp32 whatever the rest computes in.
void add_evaluation(const Stopwatch& stopwatch, int hidden, int episodes, const Variant& variant,
                    Rows& rows) {
  const int environment = environment_of_fixed_length();
  const LearnerConfig config = bench_config(variant, environment, hidden, 1, episodes, 1);
  const Bench bench(config, stopwatch.stream());
  const cuda::DeviceArray<double> returns(static_cast<size_t>(episodes));
  const cuda::DeviceArray<int> lengths(static_cast<size_t>(episodes));
  const cost::Cost cost =
      cost::evaluation(kGpu, {config.shape, 0, 0, 1, variant.precision}, episodes,
                       env::Environments::info[environment].time_limit);
  rows.add("evaluation",
           "hidden " + std::to_string(hidden) + ", " + std::to_string(episodes) + " episodes",
           variant, cost, cost.micros + kGpu.node, [&] {
             bench.evaluate({episodes, 1, returns.data(), lengths.data()});
           });
}

/// Adds the rows of one case; where cuBLAS fails, one that says so.
template <class Add>
void add_or_say(const std::string& kernel, const std::string& what, const Variant& variant,
                Rows& rows, const Add& add) {
  try {
    add();
  } catch (const cuda::BlasError& error) {
    rows.add_failure(kernel, what, variant, error.what());
  }
}

}  // namespace

Table kernel_table(const Stopwatch& stopwatch, const Ceilings& ceilings, Variants variants,
                   const Selection& only, bool tiny, const Keep& keep) {
  Table table = empty_table();
  Rows rows(stopwatch, ceilings, only, table);
  const bool steps =
      only.has_kernel("gradients") || only.has_kernel("update") || only.has_kernel("gradient step");
  for (const Variant& variant : variants) {
    for (const StepCase& c : step_cases(tiny)) {
      if (!steps || !fits(variant, c.hidden)) continue;
      add_or_say("gradient step", text(c), variant, rows,
                 [&] { add_step(stopwatch, c, variant, rows); });
      keep(table);
    }
    for (const RolloutCase& c : rollout_cases(tiny)) {
      if (!only.has_kernel("rollout") || !fits(variant, c.hidden)) continue;
      add_or_say("rollout", text(c), variant, rows,
                 [&] { add_rollout(stopwatch, c, variant, rows); });
      keep(table);
    }
  }
  if (only.has_kernel("evaluation")) {
    tiny ? add_evaluation(stopwatch, 32, 16, variants.front(), rows)
         : add_evaluation(stopwatch, 256, 100, variants.front(), rows);
  }
  rows.finish();
  return table;
}

}  // namespace sac::bench
