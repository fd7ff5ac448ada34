// The products on tensor cores: gradient steps, and the bf16 copies of W2.
#include <gtest/gtest.h>

#include "host/cpu/learner.h"
#include "host/cuda/learner.h"
#include "host/named_parameters.h"
#include "tests/kernels/decided_case.h"
#include "tests/kernels/error_budget.h"

namespace sac {
namespace {

struct Case {
  Precision precision;
  Shape shape;
  int batch;
};

LearnerConfig config_of(const Case& c) {
  LearnerConfig config;
  config.environment = -1;
  config.precision = c.precision;
  config.shape = c.shape;
  config.max_action = 1.5;
  config.batch = c.batch;
  config.hyper.gamma = 0.9;
  config.hyper.tau = 0.1;
  config.hyper.policy_lr = 1e-3;
  config.hyper.q_lr = 2e-3;
  config.hyper.value_lr = 3e-3;
  return config;
}

/// Decided parameters; moments as after some steps.
AgentState decided_state(Learner& learner, const Shape& shape) {
  AgentState state = learner.state(0);
  decide(shape, state.parameters);
  const size_t trained = network_layout(shape, Network::v_target).w1;
  const std::vector<double> m = normals(trained, 91), v = normals(trained, 92);
  for (size_t i = 0; i < trained; ++i) {
    state.adam_m[i] = static_cast<float>(0.01 * m[i]);
    state.adam_v[i] = static_cast<float>(1e-2 * (1 + v[i] * v[i]));
  }
  state.updates = 6;
  return state;
}

double largest(const std::vector<double>& values, size_t offset, size_t count) {
  double result = 0;
  for (size_t i = offset; i < offset + count; ++i) result = std::max(result, std::abs(values[i]));
  return result;
}

class KernelPrecision : public testing::TestWithParam<Case> {};

// The error model. An operand is off by at most u of itself, so an inner product of H terms is off
// by 2 u of the sum of their magnitudes if all errors had one direction; they have not, and the sum
// is off by about u of the largest partial sum. A gradient goes through four such products (pi and
// Q, there and back), and wave 2 rounds both factors once more; five independent errors of that
// size, spread over many terms each, stay below one u of the network's largest gradient. Adam
// divides a gradient's error by sqrt(v).
TEST_P(KernelPrecision, GradientStepIsTheReferencesButForRoundedOperands) {
  const LearnerConfig c = config_of(GetParam());
  LearnerConfig exact = c;
  exact.precision = Precision::fp32;
  const auto kernels = make_cuda_learner(c);
  const auto reference = make_cpu_learner<double>(exact);
  const AgentState state = decided_state(*kernels, c.shape);
  kernels->load(0, state);
  reference->load(0, state);
  const Batch batch = decided_batch(c, 7);
  const StepResult got = kernels->gradient_step(batch), right = reference->gradient_step(batch);

  const double unit = operand_unit(c.precision);
  ErrorBudget budget(std::string(precision_name(c.precision)) + ", hidden " +
                     std::to_string(c.shape.hidden) + ", batch " + std::to_string(c.batch));
  for (const NamedTensor& t : named_parameters(c.shape)) {
    const size_t first = t.offset, n = t.size();
    const Network trained = t.network == Network::v_target ? Network::v : t.network;
    const NetworkLayout l = network_layout(c.shape, trained);
    const double scale = largest(right.gradients, l.w1, l.end - l.w1);
    const double gradient = unit * scale;
    const double p = largest(right.state.parameters, first, n);
    const double step = 3e-3 * gradient;  // sqrt(v) is 0.1 at least, as large as 1 - beta1
    budget.expect_close(t.name, got.state.parameters, right.state.parameters, first, n,
                        8 * kUnit * p + step);
    if (t.network == Network::v_target) continue;
    budget.expect_close("grad." + t.name, got.gradients, right.gradients, first, n, gradient);
    budget.expect_close("adam.m." + t.name, got.state.adam_m, right.state.adam_m, first, n,
                        0.1 * gradient + 4 * kUnit * largest(right.state.adam_m, first, n));
    budget.expect_close(
        "adam.v." + t.name, got.state.adam_v, right.state.adam_v, first, n,
        0.001 * 2 * scale * gradient + 4 * kUnit * largest(right.state.adam_v, first, n));
  }
  const auto losses = [](const Losses& x) { return std::vector<double>{x.v, x.pi, x.q1, x.q2}; };
  const std::vector<double> want = losses(right.losses);
  budget.expect_close("loss", losses(got.losses), want, 0, 4, unit * largest(want, 0, 4));
}

// Wave 2 keeps the copies: a second step uses what the first one wrote, or what load wrote.
TEST_P(KernelPrecision, StepsFromItsOwnStateAsFromALoadedOne) {
  const LearnerConfig c = config_of(GetParam());
  const auto first = make_cuda_learner(c), second = make_cuda_learner(c);
  first->load(0, decided_state(*first, c.shape));
  const StepResult before = first->gradient_step(decided_batch(c, 7));
  second->load(0, before.state);
  const Batch batch = decided_batch(c, 17);
  const StepResult kept = first->gradient_step(batch), loaded = second->gradient_step(batch);
  EXPECT_EQ(kept.gradients, loaded.gradients);
  EXPECT_EQ(kept.losses.v, loaded.losses.v);
  EXPECT_EQ(kept.losses.q1, loaded.losses.q1);
}

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const Precision p : {Precision::tf32, Precision::bf16}) {
    for (const auto& [shape, batch] : {std::pair{Shape{5, 1, 32}, 1},
                                       {Shape{1, 4, 32}, 13},
                                       {Shape{3, 1, 64}, 37},
                                       {Shape{16, 4, 64}, 65},
                                       {Shape{9, 3, 128}, 33},
                                       {Shape{5, 1, 256}, 31}}) {
      all.push_back({p, shape, batch});
    }
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(Sizes, KernelPrecision, testing::ValuesIn(cases()),
                         [](const testing::TestParamInfo<Case>& test) {
                           const Case& c = test.param;
                           return std::string(precision_name(c.precision)) + "_hidden" +
                                  std::to_string(c.shape.hidden) + "_batch" +
                                  std::to_string(c.batch);
                         });

}  // namespace
}  // namespace sac
