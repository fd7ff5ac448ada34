#include "host/cpu/cpu_learner.h"

#include <algorithm>
#include <span>
#include <stdexcept>

#include "host/base/snapshot.h"
#include "host/cpu/choose_arithmetic.h"
#include "host/cpu/gradient_step.h"
#include "host/cpu/rollout.h"

namespace sac::cpu {
namespace {

const char* name_of(Float64) {
  return "float64 (Eigen)";
}
const char* name_of(Float32) {
  return "float32 (oneDNN)";
}
const char* name_of(Bf16) {
  return "bf16 products (oneDNN)";
}
const char* name_of(Bf16InFloat) {
  return "bf16 operands in float32 products (oneDNN): no faster, this processor has no bf16 ones";
}

template <class Arithmetic>
class CpuLearner final : public Learner {
 public:
  using T = typename Arithmetic::Real;

  explicit CpuLearner(const LearnerConfig& c)
      : config_(c), team_(c.threads, keep_products_on_one_thread), gradient_step_(c, team_) {
    for (int p = 0; p < c.agents; ++p) {
      agents_.emplace_back(c, RandomKey{c.seed + p}, gradient_step_.tiles());
      learning_.push_back(p);
    }
    if (c.environment >= 0) rollout_ = std::make_unique<Rollout<Arithmetic>>(c, team_);
  }

  void warm_up(int64_t vector_steps) override {
    for (int64_t i = 0; i < vector_steps; ++i) collect(Rollout<Arithmetic>::Actions::random);
  }

  void train(int64_t cycles) override {
    for (int64_t i = 0; i < cycles; ++i) {
      collect(Rollout<Arithmetic>::Actions::policy);
      const uint64_t size =
          replay_size(progress_.vector_steps, config_.envs, config_.replay_capacity);
      if (size < static_cast<uint64_t>(config_.batch)) continue;
      if (gradient_step_.takes_whole_agents(learning_.size())) {
        gradient_step_.run_whole_agents(agents_, learning_, progress_.updates,
                                        config_.updates_per_step, static_cast<uint32_t>(size));
        progress_.updates += config_.updates_per_step;
        continue;
      }
      for (int u = 0; u < config_.updates_per_step; ++u) {
        gradient_step_.run(agents_, learning_, progress_.updates, static_cast<uint32_t>(size));
        ++progress_.updates;
      }
    }
  }

  void retire(int agent) override { std::erase(learning_, agent); }

  void set_hyperparameters(int p, const Hyperparameters& hyper) override {
    LearnerConfig own = config_;
    own.hyper = hyper;
    agents_.at(p).hyper = hyper;
    agents_.at(p).constants = StepConstants<T>(own);
  }

  std::vector<Losses> losses() override {
    std::vector<Losses> losses;
    for (const Agent<Arithmetic>& agent : agents_) losses.push_back(agent.losses);
    return losses;
  }

  std::vector<Evaluation> evaluate(const EpisodePlan& plan, const GiveUp& give_up) override {
    return rollout_->evaluate(agents_, plan, give_up);
  }

  AgentState state(int p) override {
    const Agent<Arithmetic>& agent = agents_.at(p);
    const auto to_double = [](const Buffer<T>& b) {
      return std::vector<double>(b.begin(), b.end());
    };
    return {to_double(agent.parameters), to_double(agent.adam_m), to_double(agent.adam_v),
            progress_.updates};
  }

  std::vector<float> newest(int p, int64_t count) override {
    const size_t size = record_layout(config_.shape).size;
    const Buffer<T>& replay = agents_.at(p).replay;
    std::vector<float> records;
    for (const SlotRange& range : newest_slots(config_, progress_, count)) {
      const T* begin = replay.data() + range.first * size;
      records.insert(records.end(), begin, begin + range.count * size);
    }
    return records;
  }

  std::vector<float> episode_returns(int p) override {
    rollout_->bring_together(p);
    const std::span<const float> last = rollout_->episode_returns(p).subspan(config_.envs);
    return {last.begin(), last.end()};
  }

  void load(int p, const AgentState& state) override {
    Agent<Arithmetic>& agent = agents_.at(p);
    const auto from_double = [](const std::vector<double>& from, Buffer<T>& to) {
      if (from.size() != to.size()) throw std::invalid_argument("agent state of the wrong size");
      std::transform(from.begin(), from.end(), to.begin(),
                     [](double x) { return static_cast<T>(x); });
    };
    from_double(state.parameters, agent.parameters);
    from_double(state.adam_m, agent.adam_m);
    from_double(state.adam_v, agent.adam_v);
    agent.refresh_copies();
    progress_.updates = state.updates;
  }

  Snapshot snapshot() override {
    Snapshot snapshot{progress_, {}};
    const size_t replay = replay_scalars(config_, progress_);
    for (int p = 0; p < config_.agents; ++p) {
      rollout_->bring_together(p);
      const Agent<Arithmetic>& agent = agents_[p];
      const std::span<const T> states = rollout_->environments(p).states();
      const std::span<const int> steps = rollout_->environments(p).episode_steps();
      const std::span<const float> returns = rollout_->episode_returns(p);
      const auto floats = [](const Buffer<T>& from, size_t count) {
        return std::vector<float>(from.begin(), from.begin() + count);
      };
      snapshot.agents.push_back({.parameters = floats(agent.parameters, agent.parameters.size()),
                                 .adam_m = floats(agent.adam_m, agent.adam_m.size()),
                                 .adam_v = floats(agent.adam_v, agent.adam_v.size()),
                                 .replay = floats(agent.replay, replay),
                                 .environments = {states.begin(), states.end()},
                                 .episode_steps = {steps.begin(), steps.end()},
                                 .episode_returns = {returns.begin(), returns.end()},
                                 .losses = agent.losses});
    }
    return snapshot;
  }

  void restore(const Snapshot& snapshot) override {
    require_fit(snapshot, config_);
    for (int p = 0; p < config_.agents; ++p) {
      const AgentSnapshot& from = snapshot.agents[p];
      Agent<Arithmetic>& agent = agents_[p];
      std::ranges::copy(from.parameters, agent.parameters.begin());
      std::ranges::copy(from.adam_m, agent.adam_m.begin());
      std::ranges::copy(from.adam_v, agent.adam_v.begin());
      std::ranges::copy(from.replay, agent.replay.begin());
      agent.losses = from.losses;
      agent.refresh_copies();
      const std::vector<T> states(from.environments.begin(), from.environments.end());
      rollout_->environments(p).restore(states, from.episode_steps);
      std::ranges::copy(from.episode_returns, rollout_->episode_returns(p).begin());
    }
    progress_ = snapshot.progress;
  }

  StepResult gradient_step(const Batch& batch) override {
    Agent<Arithmetic>& agent = agents_.front();
    fill(batch, agent.batch);
    gradient_step_.run_on_given_batch(agent, progress_.updates);
    ++progress_.updates;
    return {state(0), std::vector<double>(agent.gradients.begin(), agent.gradients.end()),
            agent.losses};
  }

  Progress progress() const override { return progress_; }

  size_t memory_bytes() const override {
    size_t bytes = 0;
    for (const Agent<Arithmetic>& agent : agents_) bytes += agent.bytes();
    return bytes;
  }

  std::string description() const override {
    const std::string threads = std::to_string(team_.threads());
    const std::string ranks =
        config_.ranks == nullptr ? "" : std::to_string(config_.ranks->size) + " ranks of ";
    return std::string("CPU, ") + name_of(Arithmetic{}) + ", " + ranks + threads +
           (threads == "1" ? " thread" : " threads");
  }

 private:
  void collect(typename Rollout<Arithmetic>::Actions actions) {
    rollout_->step(agents_, learning_, progress_.vector_steps, actions);
    ++progress_.vector_steps;
  }

  /// A given batch into the layout that the roles read, with the trailing ones.
  void fill(const Batch& from, BatchBuffers<T>& to) const {
    if (from.size != config_.batch) throw std::invalid_argument("batch of the wrong size");
    const size_t obs = config_.shape.obs;
    const auto with_one = [&](const std::vector<double>& rows, Buffer<T>& out) {
      for (size_t i = 0; i < out.size(); ++i) {
        const size_t row = i / (obs + 1), column = i % (obs + 1);
        out[i] = column == obs ? T(1) : static_cast<T>(rows.at(row * obs + column));
      }
    };
    const auto plain = [](const std::vector<double>& values, Buffer<T>& out) {
      for (size_t i = 0; i < out.size(); ++i) out[i] = static_cast<T>(values.at(i));
    };
    with_one(from.obs, to.obs);
    with_one(from.obs, to.policy_obs);
    with_one(from.next_obs, to.next_obs);
    plain(from.action, to.action);
    plain(from.reward, to.reward);
    plain(from.terminated, to.terminated);
    plain(from.target_noise, to.target_noise);
    plain(from.policy_noise, to.policy_noise);
  }

  LearnerConfig config_;
  Team team_;
  GradientStep<Arithmetic> gradient_step_;
  std::vector<Agent<Arithmetic>> agents_;
  std::vector<int> learning_;  ///< the agents that are not retired
  std::unique_ptr<Rollout<Arithmetic>>
      rollout_;  ///< none where the learner serves gradient_step only
  Progress progress_;
};

}  // namespace

template <>
std::unique_ptr<Learner> make_cpu_learner<double>(const LearnerConfig& config) {
  return std::make_unique<CpuLearner<Float64>>(config);
}

template <>
std::unique_ptr<Learner> make_cpu_learner<float>(const LearnerConfig& config) {
  keep_products_on_one_thread();
  return with_arithmetic(config.precision,
                         [&]<class Arithmetic>(Arithmetic) -> std::unique_ptr<Learner> {
                           return std::make_unique<CpuLearner<Arithmetic>>(config);
                         });
}

}  // namespace sac::cpu
