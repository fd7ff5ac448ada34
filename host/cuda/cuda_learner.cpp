#include "host/cuda/cuda_learner.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "host/cuda/agent_memory.h"
#include "host/cuda/backend.h"
#include "host/cuda/gpu.h"
#include "host/cuda/profiler_range.h"
#include "host/cuda/stream.h"
#include "host/ranks/ranks.h"
#include "kernels/fused/launch.h"
#include "kernels/sac/initialise.h"

namespace sac::cuda {
namespace {

class CudaLearner final : public Learner {
 public:
  explicit CudaLearner(const LearnerConfig& config)
      : updates_per_step_(config.updates_per_step),
        memory_(config),
        exchange_(config.ranks == nullptr ? nullptr
                                          : std::make_unique<GradientExchange>(*config.ranks)),
        backend_(make_backend(config, memory_.device(), stream_, exchange_.get())),
        description_(
            probe_gpu().line + "; " + backend_->description() + ", " +
            precision_name(config.precision) +
            (config.ranks == nullptr ? "" : ", " + std::to_string(config.ranks->size) + " ranks")) {
    launch_initialise(memory_.device(), stream_.get());
    backend_->refresh_copies(memory_.device());
    if (memory_.device().environment >= 0) {
      launch_start_environments(memory_.device(), stream_.get());
    }
    stream_.synchronise();
  }

  void warm_up(int64_t vector_steps) override {
    require_environment();
    const DeviceState& d = memory_.device();
    const int64_t at_once =
        static_cast<int64_t>(std::min<uint64_t>(kStepsAtOnce, d.capacity / d.envs));
    for (int64_t left = vector_steps; left > 0; left -= at_once) {
      const ProfilerRange range("rollout");
      backend_->rollout(d, static_cast<int>(std::min(left, at_once)), true);
    }
    stream_.synchronise();
  }

  void train(int64_t cycles) override {
    require_environment();
    if (cycles <= 0) return;
    if (cycles_per_graph_ == 0) {
      submit_cycle();  // not captured: a first launch loads its kernel
      --cycles;
      cycles_per_graph_ = std::max<int64_t>(1, kNodesPerGraph / captured(1).nodes());
    }
    if (cycles >= cycles_per_graph_ && !graph_.captured()) graph_ = captured(cycles_per_graph_);
    for (; cycles >= cycles_per_graph_; cycles -= cycles_per_graph_) {
      const ProfilerRange range("training graph");
      graph_.launch(stream_);
    }
    for (; cycles > 0; --cycles) submit_cycle();
    stream_.synchronise();
  }

  void retire(int agent) override { memory_.retire(agent); }
  void set_hyperparameters(int agent, const Hyperparameters& hyper) override {
    memory_.set_hyperparameters(agent, hyper);
  }

  std::vector<Losses> losses() override { return memory_.losses(); }

  std::vector<Evaluation> evaluate(const EpisodePlan& plan, const GiveUp& give_up) override {
    require_environment();
    if (plan.sampled) throw std::logic_error("sampled actions are played on the CPU alone");
    if (give_up()) return {};
    const size_t count = plan.episodes;
    const size_t agents = memory_.device().agents;
    if (count == 0) return std::vector<Evaluation>(agents);
    const DeviceArray<double> returns(agents * count);
    const DeviceArray<int> lengths(agents * count);
    DeviceArray<uint8_t> plays(plan.agents.size());
    plays.upload({plan.agents.begin(), plan.agents.end()});
    {
      const ProfilerRange range("evaluation");
      backend_->evaluate(memory_.device(),
                         {plan.episodes, plan.seed, returns.data(), lengths.data(), plan.purpose,
                          plan.number, plays.data()});
      stream_.synchronise();
    }
    std::vector<Evaluation> all;
    for (size_t p = 0; p < agents; ++p) {
      const size_t played = plan.plays(p) ? count : 0;
      all.push_back({returns.download(p * count, played), lengths.download(p * count, played)});
    }
    return all;
  }

  AgentState state(int agent) override { return memory_.state(agent); }

  std::vector<float> newest(int agent, int64_t count) override {
    require_environment();
    return memory_.newest(agent, count);
  }

  std::vector<float> episode_returns(int agent) override {
    require_environment();
    return memory_.episode_returns(agent);
  }

  void load(int agent, const AgentState& state) override {
    memory_.load(agent, state);
    backend_->refresh_copies(memory_.device());
    stream_.synchronise();
  }

  Snapshot snapshot() override {
    require_environment();
    return memory_.snapshot();
  }

  void restore(const Snapshot& snapshot) override {
    require_environment();
    memory_.restore(snapshot);
    backend_->refresh_copies(memory_.device());
    stream_.synchronise();
  }

  StepResult gradient_step(const Batch& batch) override {
    const GivenMemory given(batch, memory_.device());
    backend_->gradients(given.device(), given.batch());
    backend_->update(given.device());
    stream_.synchronise();
    return {state(0), given.gradients(), losses()[0]};
  }

  Progress progress() const override { return memory_.progress(); }

  size_t memory_bytes() const override { return memory_.bytes() + backend_->bytes(); }

  std::string description() const override { return description_; }

 private:
  static constexpr uint64_t kStepsAtOnce = 64;    ///< vector steps per warm-up launch
  static constexpr int64_t kNodesPerGraph = 256;  ///< about; amortises the launch of a graph

  void require_environment() const {
    if (memory_.device().environment < 0) {
      throw std::logic_error("this learner has no environment");
    }
  }

  Graph captured(int64_t cycles) {
    return Graph(stream_, [&] {
      for (int64_t i = 0; i < cycles; ++i) submit_cycle();
    });
  }

  void submit_cycle() {
    const DeviceState& d = memory_.device();
    {
      const ProfilerRange range("rollout");
      backend_->rollout(d, 1, false);
    }
    for (int i = 0; i < updates_per_step_; ++i) {
      {
        const ProfilerRange range("gradients");
        backend_->gradients(d, {});
      }
      const ProfilerRange range("update");
      backend_->update(d);
    }
  }

  const int updates_per_step_;
  Stream stream_;
  AgentMemory memory_;
  const std::unique_ptr<GradientExchange> exchange_;
  const std::unique_ptr<Backend> backend_;
  const std::string description_;
  Graph graph_;
  int64_t cycles_per_graph_ = 0;  ///< 0: not known yet
};

}  // namespace

SharedMemory fused_shared_memory(int hidden, Precision precision) {
  int available = 0;
  check(cudaDeviceGetAttribute(&available, cudaDevAttrMaxSharedMemoryPerBlockOptin, 0),
        "cudaDeviceGetAttribute");
  return {fused::largest_shared_bytes(hidden, precision), static_cast<size_t>(available)};
}

std::unique_ptr<Learner> make_cuda_learner(const LearnerConfig& config) {
  return std::make_unique<CudaLearner>(config);
}

}  // namespace sac::cuda
