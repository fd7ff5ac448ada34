// A learner that only counts: for tests of what stands above the Learner interface.
#pragma once

#include <cmath>
#include <functional>
#include <map>
#include <stdexcept>
#include <vector>

#include "host/base/learner.h"
#include "host/base/snapshot.h"

namespace sac {

class FakeLearner : public Learner {
 public:
  explicit FakeLearner(const LearnerConfig& config) : config_(config) {}

  /// The return of every episode of an agent after so many updates; far from solved unless set.
  std::function<double(int agent, int64_t updates)> episode_return = [](int, int64_t) {
    return -1e6;
  };
  /// The same in confirmations; unless set, as above.
  std::function<double(int agent, int64_t updates)> confirmed_return;
  double spread = 0;  ///< every other episode returns so much more, the others so much less

  /// Called at the end of every train().
  std::function<void()> on_train = [] {};
  /// Called at the end of every warm_up().
  std::function<void()> on_warm_up = [] {};
  /// Called at the start of every evaluate().
  std::function<void()> on_evaluate = [] {};
  Losses next_losses{1, 2, 3, 4};
  int nan_agent = -1;  ///< its losses are NaN from now on, since this gradient step
  int64_t nan_since = 0;

  struct EvaluateCall {
    int64_t updates;
    EpisodePlan plan;
  };
  std::vector<EvaluateCall> evaluations;
  std::vector<int> retired;                        ///< agents, in the order in which they were
  std::map<int, Hyperparameters> hyperparameters;  ///< the latest, of agents that were given any
  std::vector<float> last_returns;
  int64_t warmed_up = 0;  ///< vector steps

  void warm_up(int64_t vector_steps) override {
    warmed_up += vector_steps;
    progress_.vector_steps += vector_steps;
    on_warm_up();
  }

  void train(int64_t cycles) override {
    progress_.vector_steps += cycles;
    progress_.updates += cycles * config_.updates_per_step;
    on_train();
  }

  void retire(int agent) override { retired.push_back(agent); }
  void set_hyperparameters(int agent, const Hyperparameters& hyper) override {
    hyperparameters[agent] = hyper;
  }

  std::vector<Losses> losses() override {
    std::vector<Losses> losses(static_cast<size_t>(config_.agents), next_losses);
    if (nan_agent >= 0) {
      losses[static_cast<size_t>(nan_agent)].q1 = std::nan("");
      losses[static_cast<size_t>(nan_agent)].not_finite_since = nan_since;
    }
    return losses;
  }

  std::vector<Evaluation> evaluate(const EpisodePlan& plan, const GiveUp& give_up) override {
    on_evaluate();
    if (give_up()) return {};
    evaluations.push_back({progress_.updates, plan});
    std::vector<Evaluation> result;
    for (int p = 0; p < config_.agents; ++p) {
      const size_t n = plan.plays(p) ? static_cast<size_t>(plan.episodes) : 0;
      const bool confirms = plan.purpose == Purpose::confirm && confirmed_return;
      const double mean = (confirms ? confirmed_return : episode_return)(p, progress_.updates);
      Evaluation& evaluation = result.emplace_back();
      for (size_t i = 0; i < n; ++i) {
        evaluation.returns.push_back(i % 2 == 0 ? mean + spread : mean - spread);
        evaluation.lengths.push_back(200);
      }
    }
    return result;
  }

  /// Every parameter is the agent's number plus a half.
  AgentState state(int agent) override {
    const size_t n = agent_stride(config_.shape);
    return {std::vector<double>(n, agent + 0.5), std::vector<double>(n), std::vector<double>(n),
            progress_.updates};
  }

  std::vector<float> newest(int, int64_t) override { return {}; }
  std::vector<float> episode_returns(int) override { return last_returns; }

  void load(int, const AgentState&) override {}

  /// All zero: sizes and counts are what it is about.
  Snapshot snapshot() override {
    const size_t n = agent_stride(config_.shape);
    AgentSnapshot agent{.parameters = std::vector<float>(n),
                        .adam_m = std::vector<float>(n),
                        .adam_v = std::vector<float>(n),
                        .replay = std::vector<float>(replay_scalars(config_, progress_)),
                        .environments = std::vector<float>(environment_scalars(config_)),
                        .episode_steps = std::vector<int32_t>(config_.envs),
                        .episode_returns = std::vector<float>(2 * config_.envs),
                        .losses = next_losses};
    Snapshot snapshot{progress_,
                      std::vector<AgentSnapshot>(static_cast<size_t>(config_.agents), agent)};
    const std::vector<Losses> all = losses();
    for (size_t p = 0; p < all.size(); ++p) snapshot.agents[p].losses = all[p];
    return snapshot;
  }
  void restore(const Snapshot& snapshot) override { progress_ = snapshot.progress; }

  StepResult gradient_step(const Batch&) override { throw std::logic_error("not a real learner"); }
  Progress progress() const override { return progress_; }
  size_t memory_bytes() const override { return 0; }
  std::string description() const override { return "a fake"; }

 private:
  LearnerConfig config_;
  Progress progress_;
};

}  // namespace sac
