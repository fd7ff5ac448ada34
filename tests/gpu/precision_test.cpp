// Products with rounded operands: gradient steps, and the bf16 copies of W2.
#include <gtest/gtest.h>

#include "host/cpu/cpu_learner.h"
#include "host/cuda/cuda_learner.h"
#include "host/gradcheck/decided_networks.h"
#include "tests/gpu/step_budget.h"

namespace sac {
namespace {

struct Case {
  Way way;
  Shape shape;
  int batch;
};

LearnerConfig config_of(const Case& c) {
  LearnerConfig config = step_config(c.shape, c.batch);
  take(c.way, config);
  return config;
}

/// Decided parameters, and moments.
AgentState decided_state(Learner& learner, const Shape& shape) {
  AgentState state = learner.state(0);
  gradcheck::decide_networks(shape, state.parameters);
  set_moments(shape, state);
  return state;
}

/// A batch whose first observations are signs, the others small.
Batch decided_batch(const LearnerConfig& c, uint64_t seed) {
  Batch batch = random_batch(c, seed);
  const size_t obs = static_cast<size_t>(c.shape.obs);
  for (std::vector<double>* values : {&batch.obs, &batch.next_obs}) {
    for (size_t i = 0; i < values->size(); ++i) {
      double& x = (*values)[i];
      x = i % obs == 0 ? std::copysign(1.0, x) : static_cast<float>(x / 4);
    }
  }
  return batch;
}

class KernelPrecision : public testing::TestWithParam<Case> {};

// The error model. An operand is off by at most u of itself, so an inner product of H terms is off
// by 2 u of the sum of their magnitudes if all errors had one direction; they have not, and the sum
// is off by about u of the largest partial sum. A gradient goes through four such products (pi and
// Q, forward and backward), and the update rounds both factors once more; five independent errors of that
// size, spread over many terms each, stay below one u of the network's largest gradient.
TEST_P(KernelPrecision, GradientStepIsTheReferencesButForRoundedOperands) {
  const LearnerConfig c = config_of(GetParam());
  LearnerConfig exact = c;
  exact.precision = Precision::fp32;
  const auto kernels = cuda::make_cuda_learner(c);
  const auto reference = cpu::make_cpu_learner<double>(exact);
  const AgentState state = decided_state(*kernels, c.shape);
  kernels->load(0, state);
  reference->load(0, state);
  const Batch batch = decided_batch(c, 7);
  const double unit = gradcheck::operand_rounding(c.precision);
  expect_step_close(c, kernels->gradient_step(batch), reference->gradient_step(batch), unit, unit);
}

// The update keeps the copies: a second step uses what the first one wrote, or what load wrote.
TEST_P(KernelPrecision, StepsFromItsOwnStateAsFromALoadedOne) {
  const LearnerConfig c = config_of(GetParam());
  const auto first = cuda::make_cuda_learner(c), second = cuda::make_cuda_learner(c);
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
      all.push_back({{Mlp::fused, p}, shape, batch});
    }
    all.push_back({{Mlp::cublas, p}, {1, 4, 33}, 13});
    all.push_back({{Mlp::cublas, p}, {9, 3, 100}, 33});
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(Sizes, KernelPrecision, testing::ValuesIn(cases()),
                         [](const testing::TestParamInfo<Case>& test) {
                           const Case& c = test.param;
                           return way_name(c.way) + "_hidden" + std::to_string(c.shape.hidden) +
                                  "_batch" + std::to_string(c.batch);
                         });

}  // namespace
}  // namespace sac
