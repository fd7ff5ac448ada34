#include "host/cpu/gradient_step.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "host/base/named_losses.h"
#include "host/base/named_parameters.h"
#include "host/cpu/cpu_learner.h"
#include "host/gradcheck/plain_losses.h"
#include "tests/support/random_batch.h"

namespace sac::cpu {
namespace {

// Sizes that divide nothing evenly, two actions, a bound that is not 1, and a log-std range narrow
// enough that some rows are clamped at either end.
LearnerConfig odd_config(Algorithm algorithm = Algorithm::sac_v1) {
  LearnerConfig c;
  c.environment = -1;
  c.shape = {.obs = 3, .act = 2, .hidden = 21, .algorithm = algorithm};
  c.alpha = 0.6;
  c.max_action = 2.5;
  c.batch = 13;
  c.seed = 11;
  c.hyper.gamma = 0.9;
  c.hyper.tau = 0.1;
  c.hyper.log_std = {.low = 0.0, .high = 0.1};
  return c;
}

double Losses::*loss_of(Algorithm algorithm, Network n) {
  return std::ranges::find(named_losses(algorithm), n, &NamedLoss::network)->value;
}

class GradientStepOf : public testing::TestWithParam<Algorithm> {};

INSTANTIATE_TEST_SUITE_P(Algorithms, GradientStepOf,
                         testing::Values(Algorithm::sac_v1, Algorithm::sac_v2),
                         [](const testing::TestParamInfo<Algorithm>& test) {
                           return test.param == Algorithm::sac_v1 ? "sac_v1" : "sac_v2";
                         });

TEST_P(GradientStepOf, LossesAreThoseOfThePaper) {
  const LearnerConfig c = odd_config(GetParam());
  const auto learner = make_cpu_learner<double>(c);
  const Batch batch = random_batch(c);
  const Losses expected =
      gradcheck::plain_losses(c.shape, c.hyper, c.max_action, learner->state(0).parameters, batch);
  const Losses got = learner->gradient_step(batch).losses;
  // Sums of a few hundred products of order one in double: rounding stays far below 1e-12.
  for (const NamedLoss& loss : named_losses(GetParam())) {
    EXPECT_NEAR(got.*loss.value, expected.*loss.value, 1e-12) << loss.name;
    EXPECT_NE(expected.*loss.value, 0) << loss.name;
  }
}

// Central differences with h = 1e-5: truncation h^2 and rounding 1e-16 / h both stay below 1e-9
// of a loss of order one, hence 1e-6 of the tensor's largest gradient.
TEST_P(GradientStepOf, EveryGradientIsTheFiniteDifferenceOfItsLoss) {
  const LearnerConfig c = odd_config(GetParam());
  const auto learner = make_cpu_learner<double>(c);
  const Batch batch = random_batch(c);
  std::vector<double> p = learner->state(0).parameters;
  const std::vector<double> gradients = learner->gradient_step(batch).gradients;
  for (const NamedTensor& tensor : named_parameters(c.shape)) {
    if (is_target(GetParam(), tensor.network)) continue;
    double Losses::*loss = loss_of(GetParam(), tensor.network);
    double largest = 0, error = 0;
    for (size_t i = tensor.offset; i < tensor.offset + tensor.size(); ++i) {
      const double h = 1e-5, at = p[i];
      p[i] = at + h;
      const double above = gradcheck::plain_losses(c.shape, c.hyper, c.max_action, p, batch).*loss;
      p[i] = at - h;
      const double below = gradcheck::plain_losses(c.shape, c.hyper, c.max_action, p, batch).*loss;
      p[i] = at;
      largest = std::max(largest, std::abs(gradients[i]));
      error = std::max(error, std::abs((above - below) / (2 * h) - gradients[i]));
    }
    EXPECT_GT(largest, 0) << tensor.name;
    EXPECT_LE(error, 1e-6 * largest) << tensor.name;
  }
}

TEST(GradientStep, RowsAreClampedOnBothSidesInTheTestAbove) {
  const LearnerConfig c = odd_config();
  const Batch batch = random_batch(c);
  const auto at = [&](double low, double high) {
    LearnerConfig changed = c;
    changed.hyper.log_std = {.low = low, .high = high};
    return make_cpu_learner<double>(changed)->gradient_step(batch).losses.pi;
  };
  EXPECT_NE(at(0.0, 0.1), at(0.0, 9));
  EXPECT_NE(at(0.0, 0.1), at(-9, 0.1));
}

// A head that is clamped for every row has no gradient; one that sits inside has.
TEST(GradientStep, ClampedLogStdHasNoGradient) {
  const NetworkLayout pi = network_layout(odd_config().shape, Network::pi);
  const size_t log_std = pi.w3 + static_cast<size_t>(2 * pi.hidden);
  for (const double shift : {-50.0, 0.0, 50.0}) {
    LearnerConfig c = odd_config();
    c.hyper.log_std = {};
    const auto learner = make_cpu_learner<double>(c);
    AgentState state = learner->state(0);
    for (size_t d = 2; d < 4; ++d) state.parameters[pi.b3 + d] += shift;
    learner->load(0, state);
    const std::vector<double> g = learner->gradient_step(random_batch(c)).gradients;
    const double sum = std::abs(g[log_std]) + std::abs(g[pi.b3 + 2]) + std::abs(g[pi.b3 + 3]);
    if (shift == 0.0) {
      EXPECT_GT(sum, 0);
    } else {
      EXPECT_EQ(sum, 0) << "shift " << shift;
      EXPECT_GT(std::abs(g[pi.b3]), 0) << "the mean still learns";
    }
  }
}

// With reward scale 0 the target of a terminated row is 0 and does not see v_target.
TEST(GradientStep, TerminatedCutsTheNextValue) {
  LearnerConfig c = odd_config();
  c.hyper.reward_scale = 0;
  const auto q1_loss = [&](double terminated, double shift) {
    const auto learner = make_cpu_learner<double>(c);
    AgentState state = learner->state(0);
    state.parameters[network_layout(c.shape, Network::v_target).b3] += shift;
    learner->load(0, state);
    Batch batch = random_batch(c);
    std::fill(batch.terminated.begin(), batch.terminated.end(), terminated);
    return learner->gradient_step(batch).losses.q1;
  };
  EXPECT_EQ(q1_loss(1, 0), q1_loss(1, 100));
  EXPECT_GT(std::abs(q1_loss(0, 0) - q1_loss(0, 100)), 1);
}

TEST(GradientStep, TargetStartsAsACopyAndFollowsTheNewValueNetwork) {
  const LearnerConfig c = odd_config();
  const auto learner = make_cpu_learner<double>(c);
  const NetworkLayout v = network_layout(c.shape, Network::v);
  const NetworkLayout target = network_layout(c.shape, Network::v_target);
  const std::vector<double> before = learner->state(0).parameters;
  const std::vector<double> after = learner->gradient_step(random_batch(c)).state.parameters;
  bool moved = false;
  for (size_t i = 0; i < v.end - v.w1; ++i) {
    ASSERT_EQ(before[target.w1 + i], before[v.w1 + i]);
    const double expected = 0.1 * after[v.w1 + i] + 0.9 * before[target.w1 + i];
    ASSERT_NEAR(after[target.w1 + i], expected, 1e-15);
    moved |= after[target.w1 + i] != before[target.w1 + i];
  }
  EXPECT_TRUE(moved);
}

TEST(GradientStep, TargetQsStartAsCopiesAndFollowTheNewQs) {
  const LearnerConfig c = odd_config(Algorithm::sac_v2);
  const auto learner = make_cpu_learner<double>(c);
  const size_t distance = target_distance(c.shape);
  const std::vector<double> before = learner->state(0).parameters;
  const std::vector<double> after = learner->gradient_step(random_batch(c)).state.parameters;
  for (const Network n : {Network::q1, Network::q2}) {
    const NetworkLayout q = network_layout(c.shape, n);
    bool moved = false;
    for (size_t i = q.w1; i < q.end; ++i) {
      ASSERT_EQ(before[i + distance], before[i]);
      ASSERT_NEAR(after[i + distance], 0.1 * after[i] + 0.9 * before[i], 1e-15);
      moved |= after[i + distance] != before[i];
    }
    EXPECT_TRUE(moved);
  }
}

// Above the entropy that is asked for the temperature falls, below it rises; at rate 0 it stays.
TEST(GradientStep, TheTemperatureGoesWhereTheEntropyIsMissing) {
  const auto alpha_after = [](double target_entropy, double rate) {
    LearnerConfig c = odd_config(Algorithm::sac_v2);
    c.hyper.target_entropy = target_entropy;
    c.hyper.alpha_lr = rate;
    const auto learner = make_cpu_learner<double>(c);
    const StepResult step = learner->gradient_step(random_batch(c));
    return std::exp(step.state.parameters[log_alpha_offset(c.shape)]);
  };
  EXPECT_GT(alpha_after(50, 0.01), 0.6);
  EXPECT_LT(alpha_after(-50, 0.01), 0.6);
  EXPECT_DOUBLE_EQ(alpha_after(50, 0), 0.6);
}

// All gradients are from one snapshot: the policy's own loss sees the temperature of before.
TEST(GradientStep, TheTemperatureOfBeforeWeighsTheEntropy) {
  LearnerConfig c = odd_config(Algorithm::sac_v2);
  const Batch batch = random_batch(c);
  const double at = make_cpu_learner<double>(c)->gradient_step(batch).losses.pi;
  c.hyper.alpha_lr = 0.5;
  EXPECT_EQ(make_cpu_learner<double>(c)->gradient_step(batch).losses.pi, at);
  c.alpha = 0.7;
  EXPECT_NE(make_cpu_learner<double>(c)->gradient_step(batch).losses.pi, at);
}

// Two steps with beta1 = 0.5, beta2 = 0.75, lr = 0.1, worked by hand from the gradients g1, g2:
//   m1 = g1/2, v1 = g1^2/4, both bias corrections give g1 and g1^2, so p moves by -lr sign(g1);
//   m2 = g1/4 + g2/2 over 3/4, v2 = 3 g1^2/16 + g2^2/4 over 7/16.
TEST(GradientStep, AdamFollowsAHandWorkedSequence) {
  LearnerConfig c = odd_config();
  c.hyper.beta1 = 0.5;
  c.hyper.beta2 = 0.75;
  c.hyper.policy_lr = c.hyper.value_lr = c.hyper.q_lr = 0.1;
  const auto learner = make_cpu_learner<double>(c);
  const Batch batch = random_batch(c);
  const std::vector<double> p0 = learner->state(0).parameters;
  const StepResult one = learner->gradient_step(batch), two = learner->gradient_step(batch);
  for (Network n : {Network::pi, Network::q1, Network::q2, Network::v}) {
    const NetworkLayout l = network_layout(c.shape, n);
    for (size_t i : {l.w1, l.b1 + 1, l.w2 + 5, l.b2 + 2, l.w3 + 3, l.b3}) {
      const double g1 = one.gradients[i], g2 = two.gradients[i];
      if (g1 == 0) continue;
      const double step1 = 0.1 * g1 / (std::abs(g1) + 1e-8);
      EXPECT_NEAR(one.state.parameters[i], p0[i] - step1, 1e-12);
      const double m = (g1 / 4 + g2 / 2) / 0.75;
      const double v = (3 * g1 * g1 / 16 + g2 * g2 / 4) / 0.4375;
      EXPECT_NEAR(two.state.parameters[i],
                  one.state.parameters[i] - 0.1 * m / (std::sqrt(v) + 1e-8), 1e-12);
    }
  }
}

TEST(GradientStep, EachNetworkHasItsOwnLearningRate) {
  const std::vector<double> p0 = make_cpu_learner<double>(odd_config())->state(0).parameters;
  const auto moved = [&](Network n, double Hyperparameters::*rate) {
    LearnerConfig c = odd_config();
    c.hyper.policy_lr = c.hyper.value_lr = c.hyper.q_lr = 0;
    c.hyper.*rate = 0.1;
    const auto learner = make_cpu_learner<double>(c);
    const std::vector<double> p = learner->gradient_step(random_batch(c)).state.parameters;
    const NetworkLayout l = network_layout(c.shape, n);
    return !std::equal(p.begin() + static_cast<ptrdiff_t>(l.w1),
                       p.begin() + static_cast<ptrdiff_t>(l.end),
                       p0.begin() + static_cast<ptrdiff_t>(l.w1));
  };
  for (Network n : {Network::pi, Network::q1, Network::q2, Network::v}) {
    EXPECT_EQ(moved(n, &Hyperparameters::policy_lr), n == Network::pi);
    EXPECT_EQ(moved(n, &Hyperparameters::q_lr), n == Network::q1 || n == Network::q2);
    EXPECT_EQ(moved(n, &Hyperparameters::value_lr), n == Network::v);
  }
}

// Float sums of n products carry a relative error of a few times sqrt(n) 6e-8; through three layers
// and 13 rows 1e-5 of the tensor's largest gradient is generous, a wrong term is not.
TEST(GradientStep, FloatAgreesWithTheDoubleReference) {
  for (const int hidden : {21, 32, 64, 100}) {
    LearnerConfig c = odd_config();
    c.shape.hidden = hidden;
    const Batch batch = random_batch(c);
    const auto reference = make_cpu_learner<double>(c);
    const auto learner = make_cpu_learner<float>(c);
    reference->load(0, learner->state(0));
    const StepResult expected = reference->gradient_step(batch);
    const StepResult got = learner->gradient_step(batch);
    for (const NamedTensor& tensor : named_parameters(c.shape)) {
      double largest = 0, error = 0;
      for (size_t i = tensor.offset; i < tensor.offset + tensor.size(); ++i) {
        largest = std::max(largest, std::abs(expected.gradients[i]));
        error = std::max(error, std::abs(expected.gradients[i] - got.gradients[i]));
      }
      EXPECT_LE(error, 1e-5 * largest) << tensor.name << ", hidden " << hidden;
    }
  }
}

// The batch is cut into tiles whose number must not matter beyond rounding.
TEST(GradientStep, SeveralTilesGiveTheMeanOverAllRows) {
  for (const int batch_size : {1, 2, 63, 129, 300}) {
    LearnerConfig c = odd_config();
    c.batch = batch_size;
    const auto learner = make_cpu_learner<double>(c);
    const Batch batch = random_batch(c);
    const Losses expected = gradcheck::plain_losses(c.shape, c.hyper, c.max_action,
                                                    learner->state(0).parameters, batch);
    const Losses got = learner->gradient_step(batch).losses;
    EXPECT_NEAR(got.v, expected.v, 1e-11) << batch_size;
    EXPECT_NEAR(got.q2, expected.q2, 1e-11) << batch_size;
  }
}

}  // namespace
}  // namespace sac::cpu
