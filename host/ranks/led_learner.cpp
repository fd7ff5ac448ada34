#include "host/ranks/led_learner.h"

#include <utility>

namespace sac::ranks {
namespace {

enum class Call {
  warm_up,
  train,
  retire,
  set_hyperparameters,
  episode_returns,
  load,
  snapshot,
  restore,
  gradient_step,
  end,
};

struct Order {
  Call call = Call::end;
  int64_t count = 0;
  int agent = 0;
};

// What a call takes, as rank 0 has it.

AgentState shared(const Ranks& ranks, const AgentState& s) {
  return {ranks.from_first(s.parameters), ranks.from_first(s.adam_m), ranks.from_first(s.adam_v),
          ranks.from_first(s.updates)};
}

AgentSnapshot shared(const Ranks& ranks, const AgentSnapshot& s) {
  return {.parameters = ranks.from_first(s.parameters),
          .adam_m = ranks.from_first(s.adam_m),
          .adam_v = ranks.from_first(s.adam_v),
          .replay = ranks.from_first(s.replay),
          .environments = ranks.from_first(s.environments),
          .episode_steps = ranks.from_first(s.episode_steps),
          .episode_returns = ranks.from_first(s.episode_returns),
          .losses = ranks.from_first(s.losses)};
}

Snapshot shared(const Ranks& ranks, const Snapshot& s) {
  Snapshot snapshot{ranks.from_first(s.progress), {}};
  const size_t agents = ranks.from_first(s.agents.size());
  for (size_t p = 0; p < agents; ++p) {
    snapshot.agents.push_back(shared(ranks, p < s.agents.size() ? s.agents[p] : AgentSnapshot{}));
  }
  return snapshot;
}

Batch shared(const Ranks& ranks, const Batch& b) {
  return {.size = ranks.from_first(b.size),
          .obs = ranks.from_first(b.obs),
          .action = ranks.from_first(b.action),
          .reward = ranks.from_first(b.reward),
          .next_obs = ranks.from_first(b.next_obs),
          .terminated = ranks.from_first(b.terminated),
          .target_noise = ranks.from_first(b.target_noise),
          .policy_noise = ranks.from_first(b.policy_noise)};
}

class LedLearner final : public Learner {
 public:
  LedLearner(const Ranks& ranks, std::unique_ptr<Learner> own)
      : ranks_(ranks), own_(std::move(own)) {}
  ~LedLearner() override { order(Call::end); }

  void warm_up(int64_t vector_steps) override {
    order(Call::warm_up, vector_steps);
    own_->warm_up(vector_steps);
  }
  void train(int64_t cycles) override {
    order(Call::train, cycles);
    own_->train(cycles);
  }
  void retire(int agent) override {
    order(Call::retire, 0, agent);
    own_->retire(agent);
  }
  void set_hyperparameters(int agent, const Hyperparameters& hyper) override {
    order(Call::set_hyperparameters, 0, agent);
    own_->set_hyperparameters(agent, ranks_.from_first(hyper));
  }
  std::vector<float> episode_returns(int agent) override {
    order(Call::episode_returns, 0, agent);
    return own_->episode_returns(agent);
  }
  void load(int agent, const AgentState& state) override {
    order(Call::load, 0, agent);
    own_->load(agent, shared(ranks_, state));
  }
  Snapshot snapshot() override {
    order(Call::snapshot);
    return own_->snapshot();
  }
  void restore(const Snapshot& snapshot) override {
    order(Call::restore);
    own_->restore(shared(ranks_, snapshot));
  }
  StepResult gradient_step(const Batch& batch) override {
    order(Call::gradient_step);
    return own_->gradient_step(shared(ranks_, batch));
  }

  // What every rank knows, or can do, by itself.
  std::vector<Losses> losses() override { return own_->losses(); }
  std::vector<Evaluation> evaluate(const EpisodePlan& plan, const GiveUp& give_up) override {
    return own_->evaluate(plan, give_up);
  }
  AgentState state(int agent) override { return own_->state(agent); }
  std::vector<float> newest(int agent, int64_t count) override {
    return own_->newest(agent, count);
  }
  Progress progress() const override { return own_->progress(); }
  size_t memory_bytes() const override { return own_->memory_bytes(); }
  std::string description() const override { return own_->description(); }

 private:
  void order(Call call, int64_t count = 0, int agent = 0) const {
    ranks_.from_first(Order{call, count, agent});
  }

  const Ranks& ranks_;
  std::unique_ptr<Learner> own_;
};

void obey(const Ranks& ranks, const Order& order, Learner& learner) {
  switch (order.call) {
    case Call::warm_up:
      return learner.warm_up(order.count);
    case Call::train:
      return learner.train(order.count);
    case Call::retire:
      return learner.retire(order.agent);
    case Call::set_hyperparameters:
      return learner.set_hyperparameters(order.agent, ranks.from_first(Hyperparameters{}));
    case Call::episode_returns:
      learner.episode_returns(order.agent);
      return;
    case Call::load:
      return learner.load(order.agent, shared(ranks, AgentState{}));
    case Call::snapshot:
      learner.snapshot();
      return;
    case Call::restore:
      return learner.restore(shared(ranks, Snapshot{}));
    case Call::gradient_step:
      learner.gradient_step(shared(ranks, Batch{}));
      return;
    case Call::end:
      return;
  }
}

}  // namespace

std::unique_ptr<Learner> lead(const LearnerConfig& config, const MakeLearner& make) {
  config.ranks->from_first(config);
  return std::make_unique<LedLearner>(*config.ranks, make(config));
}

void follow(const Ranks& ranks, const MakeLearner& make) {
  LearnerConfig config = ranks.from_first(LearnerConfig{});
  config.ranks = &ranks;
  const std::unique_ptr<Learner> learner = make(config);
  for (Order order; (order = ranks.from_first(Order{})).call != Call::end;) {
    obey(ranks, order, *learner);
  }
}

}  // namespace sac::ranks
