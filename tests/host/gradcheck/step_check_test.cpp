// What is wrong with a step is found, in every precision's allowances, and named.
#include "host/gradcheck/step_check.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>
#include <string>

#include "host/base/named_parameters.h"
#include "host/cpu/cpu_learner.h"
#include "host/gradcheck/check_start.h"
#include "host/gradcheck/plain_update.h"
#include "host/gradcheck/smooth_batch.h"

namespace sac::gradcheck {
namespace {

using Names = std::set<std::string>;
using Bend = std::function<void(StepResult&, const AgentState& before)>;

/// A right step, from the double reference, at the start of a precision. A seed for which no tensor
/// of one element has a gradient that all but vanishes: its own size is no measure of its errors.
struct RightStep {
  LearnerConfig config;
  AgentState before;
  Batch batch;
  StepResult result;

  explicit RightStep(Precision precision, Algorithm algorithm = Algorithm::sac_v1)
      : config(check_config({.obs = 3, .act = 2, .hidden = 64, .algorithm = algorithm}, 64, 4)) {
    config.precision = precision;
    LearnerConfig exact = config;
    exact.precision = Precision::fp32;
    const auto reference = cpu::make_cpu_learner<double>(exact);
    before = check_start(config, reference->state(0));
    reference->load(0, before);
    batch = smooth_batch(config, before.parameters);
    result = reference->gradient_step(batch);
  }

  /// What fails of it when it is bent.
  Names failures(const Bend& bend) const {
    StepResult bent = result;
    bend(bent, before);
    Names failed;
    for (const Check& c : compare_step(config, float_model(config), before, bent, result)) {
      if (!c.passed()) failed.insert(c.quantity);
    }
    return failed;
  }
};

void scale(std::vector<double>& values, size_t begin, size_t end, double factor) {
  for (size_t i = begin; i < end; ++i) values[i] *= factor;
}

class StepCheck : public testing::TestWithParam<Precision> {
 protected:
  const RightStep right_{GetParam()};
};

TEST_P(StepCheck, PassesARightStep) {
  EXPECT_EQ(right_.failures([](StepResult&, const AgentState&) {}), Names{});
}

// Operands of eight bits may make a tensor off by 2.7 % of its largest element, and by more where
// there are two elements and both happen to be small: what is wrong by 1 % cannot be told from
// that. A sixteenth can.
TEST_P(StepCheck, FailsATensorThatIsOffByAHundredth) {
  const double off = GetParam() == Precision::bf16 ? 0.0625 : 0.01;
  for (const NamedTensor& tensor : named_parameters(right_.config.shape)) {
    if (is_target(Algorithm::sac_v1, tensor.network)) continue;
    for (const double factor : {1 + off, 1 - off, -1.0, 0.0}) {
      EXPECT_EQ(right_.failures([&](StepResult& r, const AgentState&) {
        scale(r.gradients, tensor.offset, tensor.offset + tensor.size(), factor);
      }),
                Names{"gradient " + tensor.name})
          << factor;
    }
  }
}

// Adam turns a gradient's error into a step of the same share: here the state alone is bent. In
// bf16 the one element of a bias may hardly move, and what its gradient may be off by is much of
// that.
TEST_P(StepCheck, FailsAParameterTensorThatMovedAHundredthTooFar) {
  for (const NamedTensor& tensor : named_parameters(right_.config.shape)) {
    if (is_target(Algorithm::sac_v1, tensor.network)) continue;
    const double off = GetParam() == Precision::bf16 ? 0.1 : 0.01;
    EXPECT_EQ(right_.failures([&](StepResult& r, const AgentState& before) {
      for (size_t i = tensor.offset; i < tensor.offset + tensor.size(); ++i) {
        r.state.parameters[i] += off * (r.state.parameters[i] - before.parameters[i]);
      }
    }),
              Names{std::string(network_name(Algorithm::sac_v1, tensor.network)) + " parameters"})
        << tensor.name;
  }
}

TEST_P(StepCheck, FailsAMissingOrAnOldMoment) {
  for (const Network n : {Network::pi, Network::q1, Network::q2, Network::v}) {
    const NetworkLayout l = network_layout(right_.config.shape, n);
    for (const auto& [name, member] :
         {std::pair("Adam's m", &AgentState::adam_m), {"Adam's v", &AgentState::adam_v}}) {
      const Names expected{std::string(network_name(Algorithm::sac_v1, n)) + " " + name};
      EXPECT_EQ(right_.failures([&, moment = member](StepResult& r, const AgentState&) {
        scale(r.state.*moment, l.w1, l.end, 0);
      }),
                expected);
      EXPECT_EQ(right_.failures([&, moment = member](StepResult& r, const AgentState& before) {
        std::copy(&(before.*moment)[l.w1], &(before.*moment)[l.w1] + (l.end - l.w1),
                  &(r.state.*moment)[l.w1]);
      }),
                expected);
    }
  }
}

TEST_P(StepCheck, FailsAMissingSoftUpdateAndOneOfTheOldNetwork) {
  const NetworkLayout target = network_layout(right_.config.shape, Network::v_target);
  const size_t v = network_layout(right_.config.shape, Network::v).w1;
  const double tau = right_.config.hyper.tau;
  for (const double share : {0.0, tau}) {
    EXPECT_EQ(right_.failures([&](StepResult& r, const AgentState& before) {
      for (size_t i = target.w1; i < target.end; ++i) {
        r.state.parameters[i] =
            share * before.parameters[i - target.w1 + v] + (1 - share) * before.parameters[i];
      }
    }),
              Names{"v_target soft update"})
        << share;
  }
}

TEST_P(StepCheck, FailsALossThatIsOffByAHundredthOrNotANumber) {
  for (const auto& [name, member] : {std::pair("loss v", &Losses::v),
                                     {"loss pi", &Losses::pi},
                                     {"loss q1", &Losses::q1},
                                     {"loss q2", &Losses::q2}}) {
    const auto bent = [&, loss = member](const std::function<double(double)>& f) {
      return right_.failures(
          [&](StepResult& r, const AgentState&) { r.losses.*loss = f(r.losses.*loss); });
    };
    EXPECT_EQ(bent([](double x) { return x + 0.01 * (1 + std::abs(x)); }), Names{name});
    EXPECT_EQ(bent([](double x) { return -x; }), Names{name});
    EXPECT_EQ(bent([](double) { return NAN; }), Names{name});
  }
}

TEST_P(StepCheck, FailsWhatIsNotANumber) {
  const size_t at = network_layout(right_.config.shape, Network::q2).b1;
  EXPECT_EQ(right_.failures([&](StepResult& r, const AgentState&) { r.gradients[at] = NAN; }),
            Names{"gradient q2.layers.0.bias"});
  EXPECT_EQ(
      right_.failures([&](StepResult& r, const AgentState&) { r.state.parameters[at] = NAN; }),
      Names{"q2 parameters"});
}

// Against the definition: the same errors, without another learner's step.
TEST_P(StepCheck, FailsAgainstTheDefinitionToo) {
  const LearnerConfig& config = right_.config;
  const AgentState& before = right_.before;
  const Definition definition = define_step(config, before.parameters, right_.batch, [](double) {});
  const auto failures = [&](const Bend& bend) {
    StepResult bent = right_.result;
    bend(bent, before);
    Names failed;
    for (const Check& c : compare_step(config, float_model(config), before, bent, definition)) {
      if (!c.passed()) failed.insert(c.quantity);
    }
    return failed;
  };
  EXPECT_EQ(failures([](StepResult&, const AgentState&) {}), Names{});
  const NetworkLayout pi = network_layout(config.shape, Network::pi);
  const Names wrong_gradient = failures([&](StepResult& r, const AgentState&) {
    scale(r.gradients, pi.w2, pi.b2, GetParam() == Precision::bf16 ? 1.05 : 1.01);
  });
  EXPECT_TRUE(wrong_gradient.contains("gradient pi.layers.1.weight"));
  const NetworkLayout target = network_layout(config.shape, Network::v_target);
  EXPECT_EQ(failures([&](StepResult& r, const AgentState&) {
              for (size_t i = target.w1; i < target.end; ++i)
                r.state.parameters[i] = before.parameters[i];
            }),
            Names{"v_target soft update"});
  EXPECT_EQ(failures([&](StepResult& r, const AgentState&) {
              scale(r.state.adam_v, pi.w2, pi.b2, 1 + 1e-5);
            }),
            Names{"pi Adam's v"});
}

// A gradient that is not finite where none was differenced, and all that it leads to: the state
// that is then right by the book is no number either, and must not pass for it.
TEST_P(StepCheck, FailsAnInfiniteStepAgainstTheDefinition) {
  const auto& [config, before, batch, result] = right_;
  Definition definition{.losses = result.losses, .gradients = {}};
  for (const double no_number : {double{INFINITY}, double{NAN}}) {
    StepResult bent = result;
    bent.gradients[network_layout(config.shape, Network::q1).w2 + 7] = no_number;
    bent.state = plain_update(config.shape, config.hyper, before, bent.gradients);
    Names failed;
    for (const Check& c : compare_step(config, float_model(config), before, bent, definition)) {
      if (!c.passed()) failed.insert(c.quantity);
    }
    EXPECT_EQ(failed, (Names{"q1 Adam's m", "q1 Adam's v", "q1 parameters"})) << no_number;
  }
}

// What sac_v2 has that SAC had not.
TEST_P(StepCheck, FailsAWrongTemperatureAndTargetOfSacV2) {
  const RightStep right(GetParam(), Algorithm::sac_v2);
  EXPECT_EQ(right.failures([](StepResult&, const AgentState&) {}), Names{});
  const size_t at = log_alpha_offset(right.config.shape);
  const double off = GetParam() == Precision::bf16 ? 1.1 : 1.01;
  EXPECT_EQ(right.failures([=](StepResult& r, const AgentState&) { r.gradients[at] *= off; }),
            Names{"gradient log_alpha"});
  EXPECT_EQ(right.failures([=](StepResult& r, const AgentState& before) {
    r.state.parameters[at] = before.parameters[at];
  }),
            Names{"log_alpha parameters"});
  EXPECT_EQ(right.failures([=](StepResult& r, const AgentState&) { r.state.adam_m[at] = 0; }),
            Names{"log_alpha Adam's m"});
  EXPECT_EQ(right.failures([](StepResult& r, const AgentState&) { r.losses.alpha *= -1; }),
            Names{"loss alpha"});
  for (const Network n : {Network::q1_target, Network::q2_target}) {
    const NetworkLayout target = network_layout(right.config.shape, n);
    EXPECT_EQ(right.failures([&](StepResult& r, const AgentState& before) {
      std::copy(&before.parameters[target.w1],
                &before.parameters[target.w1] + (target.end - target.w1),
                &r.state.parameters[target.w1]);
    }),
              Names{std::string(network_name(Algorithm::sac_v2, n)) + " soft update"});
  }
}

INSTANTIATE_TEST_SUITE_P(Precisions, StepCheck,
                         testing::Values(Precision::fp32, Precision::tf32, Precision::bf16),
                         [](const testing::TestParamInfo<Precision>& test) {
                           return std::string(precision_name(test.param));
                         });

}  // namespace
}  // namespace sac::gradcheck
