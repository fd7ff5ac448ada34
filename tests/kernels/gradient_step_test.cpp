// Gradient steps against the double reference, on batches and noise given to both.
#include <gtest/gtest.h>

#include "host/cpu/learner.h"
#include "host/cuda/learner.h"
#include "host/named_parameters.h"
#include "kernels/random.h"
#include "tests/kernels/error_budget.h"
#include "tests/kernels/ways.h"
#include "tests/random_batch.h"

namespace sac {
namespace {

LearnerConfig config_of(const Shape& shape, int batch) {
  LearnerConfig c;
  c.environment = -1;
  c.shape = shape;
  c.max_action = 2.5;
  c.batch = batch;
  c.hyper.gamma = 0.9;
  c.hyper.tau = 0.1;
  c.hyper.log_std = {.low = -0.1, .high = 0.1};  // narrow enough to clamp rows at both ends
  c.hyper.policy_lr = 1e-3;
  c.hyper.q_lr = 2e-3;
  c.hyper.value_lr = 3e-3;
  return c;
}

/// The kernels' initial parameters, with moments as after some steps: v is well above adam_eps^2,
/// so that Adam does not turn the rounding of a vanishing gradient into a whole step.
AgentState running_state(Learner& learner, const Shape& shape) {
  AgentState state = learner.state(0);
  const size_t trained = network_layout(shape, Network::v_target).w1;
  const std::vector<double> m = normals(trained, 91), v = normals(trained, 92);
  for (const NamedTensor& t : named_parameters(shape)) {
    if (t.network == Network::v_target) continue;
    for (size_t i = t.offset; i < t.offset + t.size(); ++i) {
      state.adam_m[i] = static_cast<float>(0.01 * m[i]);
      state.adam_v[i] = static_cast<float>(1e-4 * (0.1 + v[i] * v[i]));
    }
  }
  state.updates = 6;
  return state;
}

double largest(const std::vector<double>& values, size_t offset, size_t count) {
  double result = 0;
  for (size_t i = offset; i < offset + count; ++i) result = std::max(result, std::abs(values[i]));
  return result;
}

/// The error model. A gradient is a sum over the batch of products; each factor is an inner product
/// of length H, or comes out of some: rounding errors that walk at random to about u sqrt(H), in
/// about four layers forward and backward. Terms may cancel, so the scale is that of the terms, for
/// which the network's largest gradient stands. Twice u sqrt(H) of it is what is allowed.
/// Parameters, moments and losses add a few roundings of their own to what their gradient brings.
void expect_step_close(const LearnerConfig& c, const StepResult& got, const StepResult& expected) {
  const double inner = kUnit * std::sqrt(c.shape.hidden);
  ErrorBudget budget(way_name(c.mlp) + ", hidden " + std::to_string(c.shape.hidden) + ", obs " +
                     std::to_string(c.shape.obs) + ", act " + std::to_string(c.shape.act) +
                     ", batch " + std::to_string(c.batch));
  for (const NamedTensor& t : named_parameters(c.shape)) {
    const size_t first = t.offset, n = t.size();
    const double p = largest(expected.state.parameters, first, n);
    budget.expect_close(t.name, got.state.parameters, expected.state.parameters, first, n,
                        8 * kUnit * p);
    if (t.network == Network::v_target) continue;
    const NetworkLayout l = network_layout(c.shape, t.network);
    const double scale = largest(expected.gradients, l.w1, l.end - l.w1);
    const double gradient = 2 * inner * scale;
    const double m = largest(expected.state.adam_m, first, n);
    const double v = largest(expected.state.adam_v, first, n);
    budget.expect_close("grad." + t.name, got.gradients, expected.gradients, first, n, gradient);
    budget.expect_close("adam.m." + t.name, got.state.adam_m, expected.state.adam_m, first, n,
                        0.1 * gradient + 4 * kUnit * m);
    budget.expect_close("adam.v." + t.name, got.state.adam_v, expected.state.adam_v, first, n,
                        0.001 * 2 * scale * gradient + 4 * kUnit * v);
  }
  const auto losses = [](const Losses& l) { return std::vector<double>{l.v, l.pi, l.q1, l.q2}; };
  const std::vector<double> want = losses(expected.losses);
  budget.expect_close("loss", losses(got.losses), want, 0, 4, 4 * inner * largest(want, 0, 4));
}

struct Case {
  Mlp mlp;
  Shape shape;
  int batch;
};

class KernelGradientStep : public testing::TestWithParam<Case> {};

// Every fused width, and others; batches of one row, of less than a tile, of many tiles and a row;
// every number of actions; the smallest and the largest observation.
TEST_P(KernelGradientStep, MatchesTheDoubleReference) {
  LearnerConfig c = config_of(GetParam().shape, GetParam().batch);
  c.mlp = GetParam().mlp;
  const auto kernels = make_cuda_learner(c);
  const auto reference = make_cpu_learner<double>(c);
  const AgentState state = running_state(*kernels, c.shape);
  kernels->load(0, state);
  reference->load(0, state);
  const Batch batch = random_batch(c, 7);
  expect_step_close(c, kernels->gradient_step(batch), reference->gradient_step(batch));
}

INSTANTIATE_TEST_SUITE_P(
    Sizes, KernelGradientStep,
    testing::Values(Case{Mlp::fused, {5, 1, 32}, 1}, Case{Mlp::fused, {1, 4, 32}, 13},
                    Case{Mlp::fused, {16, 2, 32}, 129}, Case{Mlp::fused, {3, 1, 64}, 37},
                    Case{Mlp::fused, {16, 4, 64}, 65}, Case{Mlp::fused, {9, 3, 128}, 33},
                    Case{Mlp::fused, {5, 1, 256}, 31}, Case{Mlp::fused, {4, 2, 256}, 17},
                    Case{Mlp::cublas, {5, 1, 20}, 1}, Case{Mlp::cublas, {1, 4, 48}, 13},
                    Case{Mlp::cublas, {16, 2, 33}, 129}, Case{Mlp::cublas, {3, 1, 300}, 37},
                    Case{Mlp::cublas, {5, 1, 256}, 31}));

class KernelLockStep : public testing::TestWithParam<Mlp> {};

// Both learners step from their own results on the same batches and noise. What is compared is the
// distance in units of the way travelled: rounding enters each step as in the test above, 1e-6 of a
// gradient at most, and Adam divides it by sqrt(v), which is of the gradient's size; 200 such
// errors add up to no more than 2e-4 of the way even if all had one direction.
TEST_P(KernelLockStep, HoldsFor200Steps) {
  LearnerConfig c = config_of({3, 1, width_of(GetParam())}, 37);
  c.mlp = GetParam();
  c.hyper.log_std = {};
  const auto kernels = make_cuda_learner(c);
  const auto reference = make_cpu_learner<double>(c);
  const AgentState start = running_state(*kernels, c.shape);
  kernels->load(0, start);
  reference->load(0, start);
  for (uint64_t step = 0; step < 200; ++step) {
    const Batch batch = random_batch(c, 100 + 10 * step);
    kernels->gradient_step(batch);
    reference->gradient_step(batch);
  }
  const std::vector<double> got = kernels->state(0).parameters;
  const std::vector<double> expected = reference->state(0).parameters;
  double error = 0, way = 0;
  for (size_t i = 0; i < got.size(); ++i) {
    error += std::pow(got[i] - expected[i], 2);
    way += std::pow(expected[i] - start.parameters[i], 2);
  }
  const double share = std::sqrt(error / way) / 2e-4;
  std::printf("  200 steps used %.1f %% of the allowance\n", 100 * share);
  EXPECT_LE(share, 1);
}

INSTANTIATE_TEST_SUITE_P(Ways, KernelLockStep, both_ways(), name_of_way);

}  // namespace
}  // namespace sac
