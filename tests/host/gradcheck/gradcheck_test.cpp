#include "host/gradcheck/gradcheck.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "host/base/named_parameters.h"
#include "host/cpu/cpu_learner.h"
#include "host/gradcheck/check_start.h"
#include "host/gradcheck/smooth_batch.h"
#include "tests/support/program.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/usage_error_of.h"

namespace sac::gradcheck {
namespace {

using Bend = std::function<void(StepResult&, const AgentState& before)>;

// A real learner whose gradient steps are then bent.
class BentLearner : public Learner {
 public:
  BentLearner(std::unique_ptr<Learner> learner, Bend bend)
      : learner_(std::move(learner)), bend_(std::move(bend)) {}

  StepResult gradient_step(const Batch& batch) override {
    const AgentState before = learner_->state(0);
    StepResult result = learner_->gradient_step(batch);
    bend_(result, before);
    return result;
  }

  void warm_up(int64_t vector_steps) override { learner_->warm_up(vector_steps); }
  void train(int64_t cycles) override { learner_->train(cycles); }
  void retire(int agent) override { learner_->retire(agent); }
  std::vector<float> episode_returns(int agent) override {
    return learner_->episode_returns(agent);
  }
  void set_hyperparameters(int agent, const Hyperparameters& hyper) override {
    learner_->set_hyperparameters(agent, hyper);
  }
  std::vector<Losses> losses() override { return learner_->losses(); }
  std::vector<Evaluation> evaluate(const EpisodePlan& plan, const GiveUp& give_up) override {
    return learner_->evaluate(plan, give_up);
  }
  AgentState state(int agent) override { return learner_->state(agent); }
  std::vector<float> newest(int agent, int64_t count) override {
    return learner_->newest(agent, count);
  }
  void load(int agent, const AgentState& state) override { learner_->load(agent, state); }
  Snapshot snapshot() override { return learner_->snapshot(); }
  void restore(const Snapshot& snapshot) override { learner_->restore(snapshot); }
  Progress progress() const override { return learner_->progress(); }
  size_t memory_bytes() const override { return learner_->memory_bytes(); }
  std::string description() const override { return learner_->description(); }

 private:
  std::unique_ptr<Learner> learner_;
  Bend bend_;
};

constexpr Shape kShape{.obs = 3, .act = 2, .hidden = 20};

LearnerConfig small_config() {
  return check_config(kShape, 12, 3);
}

CheckedLearners run(const LearnerConfig& config, Learner& learner, Learner& reference) {
  return check_gradients(config, learner, reference, [](double) {});
}

/// "learner: gradient v.out.bias"
std::set<std::string> failures(const CheckedLearners& checks) {
  std::set<std::string> failed;
  for (const auto& [whose, list] :
       {std::pair("learner: ", &checks.learner), std::pair("reference: ", &checks.reference)}) {
    for (const Check& c : *list) {
      if (!c.passed()) failed.insert(whose + c.quantity);
    }
  }
  return failed;
}

// What fails when the float learner is bent.
std::set<std::string> failures_of(const Bend& bend) {
  const LearnerConfig config = small_config();
  BentLearner learner(cpu::make_cpu_learner<float>(config), bend);
  return failures(run(config, learner, *cpu::make_cpu_learner<double>(config)));
}

NamedTensor tensor_named(const std::string& name, const Shape& shape = kShape) {
  for (const NamedTensor& tensor : named_parameters(shape)) {
    if (tensor.name == name) return tensor;
  }
  throw std::logic_error("no tensor " + name);
}

using Names = std::set<std::string>;

template <class T>
void expect_all_pass(const Shape& shape, int batch, uint64_t seed) {
  const LearnerConfig config = check_config(shape, batch, seed);
  const auto learner = cpu::make_cpu_learner<T>(config);
  const CheckedLearners checks = run(config, *learner, *cpu::make_cpu_learner<double>(config));
  EXPECT_EQ(failures(checks), Names()) << "hidden " << shape.hidden << ", batch " << batch;
  const size_t update = shape.algorithm == Algorithm::sac_v1 ? 26 + 13 : 21 + 14;
  EXPECT_EQ(checks.learner.size(), 4u + update + 4);
  EXPECT_EQ(checks.reference.size(), checks.learner.size());
}

TEST(Gradcheck, BothCpuLearnersPass) {
  for (uint64_t seed = 0; seed < 5; ++seed) {
    expect_all_pass<float>({.obs = 5, .act = 1, .hidden = 16}, 9, seed);
    expect_all_pass<double>({.obs = 4, .act = 3, .hidden = 7}, 5, seed);
  }
  expect_all_pass<float>({.obs = 1, .act = 1, .hidden = 1}, 1, 0);
  expect_all_pass<float>({.obs = 3, .act = 1, .hidden = 40}, 300, 0);
}

TEST(Gradcheck, BothCpuLearnersPassWithALearnedTemperature) {
  for (uint64_t seed = 0; seed < 3; ++seed) {
    expect_all_pass<float>({5, 1, 16, Algorithm::sac_v2}, 9, seed);
    expect_all_pass<double>({4, 3, 7, Algorithm::sac_v2}, 5, seed);
  }
  expect_all_pass<float>({1, 1, 1, Algorithm::sac_v2}, 1, 0);
}

// The checks would say nothing about a tensor without gradient, not even where operands are rounded
// and networks decided.
TEST(Gradcheck, EveryTensorHasAGradient) {
  for (const auto& [algorithm, precision] : {std::pair{Algorithm::sac_v1, Precision::fp32},
                                             {Algorithm::sac_v1, Precision::bf16},
                                             {Algorithm::sac_v2, Precision::fp32},
                                             {Algorithm::sac_v2, Precision::bf16}}) {
    for (const uint64_t seed : {0, 1, 2}) {
      LearnerConfig config = check_config({3, 2, 32, algorithm}, 24, seed);
      const auto learner = cpu::make_cpu_learner<double>(config);
      config.precision = precision;
      const AgentState before = check_start(config, learner->state(0));
      learner->load(0, before);
      const StepResult step = learner->gradient_step(smooth_batch(config, before.parameters));
      for (const NamedTensor& tensor : named_parameters(config.shape)) {
        if (is_target(algorithm, tensor.network)) continue;
        double largest = 0;
        for (size_t i = 0; i < tensor.size(); ++i) {
          largest = std::max(largest, std::abs(step.gradients[tensor.offset + i]));
        }
        EXPECT_GT(largest, 1e-3) << tensor.name << ", " << precision_name(precision);
      }
    }
  }
}

// With operands of eight bits, right passes, and what is wrong by a twentieth does not.
TEST(Gradcheck, Bf16PassesAndCanFail) {
  for (const uint64_t seed : {1, 2, 3}) {
    LearnerConfig config = check_config({.obs = 3, .act = 2, .hidden = 64}, 64, seed);
    config.precision = Precision::bf16;
    LearnerConfig exact = config;
    exact.precision = Precision::fp32;
    const auto check = [&](const Bend& bend) {
      BentLearner learner(cpu::make_cpu_learner<float>(config), bend);
      return failures(run(config, learner, *cpu::make_cpu_learner<double>(exact)));
    };
    EXPECT_EQ(check([](StepResult&, const AgentState&) {}), Names{}) << "seed " << seed;
    const NamedTensor tensor = tensor_named("q1.layers.1.weight", config.shape);
    const Names failed = check([&](StepResult& r, const AgentState&) {
      for (size_t i = 0; i < tensor.size(); ++i) r.gradients[tensor.offset + i] *= 0.95;
    });
    EXPECT_EQ(failed, Names{"learner: gradient q1.layers.1.weight"}) << "seed " << seed;
  }
}

TEST(Gradcheck, OneWrongGradientEntryFailsItsTensor) {
  for (const char* name : {"pi.layers.0.weight", "q1.layers.1.weight", "v.out.weight"}) {
    const NamedTensor tensor = tensor_named(name);
    const Names failed = failures_of([&](StepResult& r, const AgentState&) {
      size_t largest = tensor.offset;
      for (size_t i = tensor.offset; i < tensor.offset + tensor.size(); ++i) {
        if (std::abs(r.gradients[i]) > std::abs(r.gradients[largest])) largest = i;
      }
      r.gradients[largest] *= -1;
    });
    EXPECT_EQ(failed, Names{std::string("learner: gradient ") + name});
  }
}

TEST(Gradcheck, NotANumberFails) {
  const size_t at = tensor_named("q2.layers.0.bias").offset;
  const auto poison = [&](StepResult& r, const AgentState&) { r.gradients[at] = NAN; };
  EXPECT_EQ(failures_of(poison), Names{"learner: gradient q2.layers.0.bias"});
  // The sampler is asked with losses alone.
  const Names failed = failures_of([](StepResult& r, const AgentState&) { r.losses.v = NAN; });
  EXPECT_EQ(failed, (Names{"learner: loss v", "learner: log-prob of eq. 5's sample",
                           "learner: action of eq. 5's sample"}));
}

TEST(Gradcheck, ADroppedSoftUpdateFails) {
  const NetworkLayout target = network_layout(kShape, Network::v_target);
  const Names failed = failures_of([&](StepResult& r, const AgentState& before) {
    for (size_t i = target.w1; i < target.end; ++i) {
      r.state.parameters[i] = before.parameters[i];
    }
  });
  EXPECT_EQ(failed, Names{"learner: v_target soft update"});
}

// An easy mistake: the soft update with V as it was before the step.
TEST(Gradcheck, ASoftUpdateWithTheOldValueNetworkFails) {
  const size_t v = network_layout(kShape, Network::v).w1;
  const NetworkLayout target = network_layout(kShape, Network::v_target);
  const double tau = small_config().hyper.tau;
  const Names failed = failures_of([&](StepResult& r, const AgentState& before) {
    for (size_t i = target.w1; i < target.end; ++i) {
      r.state.parameters[i] =
          tau * before.parameters[i - target.w1 + v] + (1 - tau) * before.parameters[i];
    }
  });
  EXPECT_EQ(failed, Names{"learner: v_target soft update"});
}

TEST(Gradcheck, AScaledLossFails) {
  const Names failed = failures_of([](StepResult& r, const AgentState&) { r.losses.q1 *= 1.001; });
  EXPECT_EQ(failed, Names{"learner: loss q1"});
}

TEST(Gradcheck, AWrongLogProbFailsTheSampler) {
  // What forgetting log m per action makes of J_pi.
  const Names failed =
      failures_of([](StepResult& r, const AgentState&) { r.losses.pi += 2 * std::log(2.0); });
  EXPECT_EQ(failed, (Names{"learner: loss pi", "learner: log-prob of eq. 12's sample"}));
}

TEST(Gradcheck, AdamWithoutMomentumFails) {
  const NetworkLayout q2 = network_layout(kShape, Network::q2);
  const Names failed = failures_of([&](StepResult& r, const AgentState&) {
    for (size_t i = q2.w1; i < q2.end; ++i) r.state.adam_m[i] = 0.1 * r.gradients[i];
  });
  EXPECT_EQ(failed, Names{"learner: q2 Adam's m"});
}

// A learner trained with slightly another rate than it was told.
TEST(Gradcheck, AnotherLearningRateFails) {
  const LearnerConfig config = small_config();
  LearnerConfig other = config;
  other.hyper.policy_lr *= 1.001;
  const auto learner = cpu::make_cpu_learner<float>(other);
  EXPECT_EQ(failures(run(config, *learner, *cpu::make_cpu_learner<double>(config))),
            Names{"learner: pi parameters"});
}

// The second link: a reference that is wrong is found out by finite differences, and every learner
// that is right then differs from it.
TEST(Gradcheck, AWrongReferenceFailsBothLinks) {
  const LearnerConfig config = small_config();
  const size_t at = tensor_named("v.out.bias").offset;
  BentLearner reference(cpu::make_cpu_learner<double>(config),
                        [&](StepResult& r, const AgentState&) { r.gradients[at] *= 1.001; });
  const Names failed = failures(run(config, *cpu::make_cpu_learner<float>(config), reference));
  EXPECT_TRUE(failed.contains("reference: gradient v.out.bias"));
  EXPECT_TRUE(failed.contains("learner: gradient v.out.bias"));
  EXPECT_FALSE(failed.contains("reference: gradient v.out.weight"));
}

TEST(Gradcheck, ReportsItsProgress) {
  const LearnerConfig config = check_config(kShape, 12, 3);
  double last = 0;
  check_gradients(config, *cpu::make_cpu_learner<float>(config),
                  *cpu::make_cpu_learner<double>(config), [&](double share) {
                    EXPECT_GT(share, last);
                    EXPECT_LE(share, 1);
                    last = share;
                  });
  EXPECT_GT(last, 0);  // the last ones may have been another thread's
}

TEST(Gradcheck, CommandPrintsATable) {
  const TemporaryDirectory directory;
  Program program(SAC_CUDA_PROGRAM, directory.path(),
                  {"gradcheck", "--device", "cpu", "--hidden", "16", "--batch", "8", "--act", "2",
                   "--obs", "3", "--seed", "1"});
  EXPECT_EQ(program.wait(), 0);
  EXPECT_EQ(program.err(), "");
  for (const char* text : {"obs 3, act 2, hidden 16, batch 8, seed 1", "gradient pi.mean.weight",
                           "finite differences", "all 94 checks passed"}) {
    expect_names(program.out(), text);
  }
}

TEST(Gradcheck, CommandRefusesBadOptions) {
  const TemporaryDirectory directory;
  for (const auto& [option, value] : {std::pair{"--hidden", "0"},
                                      {"--hidden", "513"},
                                      {"--batch", "-1"},
                                      {"--seed", "nan"},
                                      {"--obs", "17"},
                                      {"--act", "5"},
                                      {"--device", "gpu"}}) {
    Program program(SAC_CUDA_PROGRAM, directory.path(), {"gradcheck", option, value});
    EXPECT_EQ(program.wait(), 2) << option;
    EXPECT_EQ(program.out(), "");
    expect_names(program.err(), std::string("sac_cuda: ") + option + " " + value + ": expected");
  }
}

}  // namespace
}  // namespace sac::gradcheck
