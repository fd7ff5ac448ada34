// Gradient steps against the double reference, on batches and noise given to both.
#include <gtest/gtest.h>

#include <cmath>

#include "host/cpu/cpu_learner.h"
#include "host/cuda/cuda_learner.h"
#include "host/gradcheck/check_start.h"
#include "tests/gpu/expect_step.h"
#include "tests/support/random_batch.h"

namespace sac {
namespace {

struct Case {
  Mlp mlp;
  Shape shape;
  int batch;
};

class KernelGradientStep : public testing::TestWithParam<Case> {};

// Every fused width, and others, in either algorithm; batches of one row, of less than a tile, of
// many tiles and a row, of more than the update's shared memory holds; every number of actions; the
// smallest and the largest observation.
TEST_P(KernelGradientStep, MatchesTheDoubleReference) {
  LearnerConfig c = gradcheck::check_config(GetParam().shape, GetParam().batch, 7);
  c.mlp = GetParam().mlp;
  expect_reference_step(c);
}

INSTANTIATE_TEST_SUITE_P(
    Sizes, KernelGradientStep,
    testing::Values(Case{Mlp::fused, {5, 1, 32}, 1}, Case{Mlp::fused, {1, 4, 32}, 13},
                    Case{Mlp::fused, {16, 2, 32}, 129}, Case{Mlp::fused, {4, 3, 32}, 300},
                    Case{Mlp::fused, {3, 1, 64}, 37}, Case{Mlp::fused, {16, 4, 64}, 65},
                    Case{Mlp::fused, {5, 1, 64}, 517}, Case{Mlp::fused, {9, 3, 128}, 33},
                    Case{Mlp::fused, {5, 1, 256}, 31}, Case{Mlp::fused, {4, 2, 256}, 17},
                    Case{Mlp::cublas, {5, 1, 20}, 1}, Case{Mlp::cublas, {1, 4, 48}, 13},
                    Case{Mlp::cublas, {16, 2, 33}, 129}, Case{Mlp::cublas, {3, 1, 300}, 37},
                    Case{Mlp::cublas, {5, 1, 256}, 31},
                    Case{Mlp::fused, {5, 1, 32, Algorithm::sac_v2}, 1},
                    Case{Mlp::fused, {1, 4, 32, Algorithm::sac_v2}, 13},
                    Case{Mlp::fused, {4, 3, 32, Algorithm::sac_v2}, 300},
                    Case{Mlp::fused, {16, 4, 64, Algorithm::sac_v2}, 65},
                    Case{Mlp::fused, {9, 3, 128, Algorithm::sac_v2}, 33},
                    Case{Mlp::fused, {4, 2, 256, Algorithm::sac_v2}, 17},
                    Case{Mlp::cublas, {5, 1, 20, Algorithm::sac_v2}, 1},
                    Case{Mlp::cublas, {16, 2, 33, Algorithm::sac_v2}, 129}),
    [](const testing::TestParamInfo<Case>& test) {
      const Case& c = test.param;
      return way_name({c.mlp, Precision::fp32, c.shape.algorithm}) + "_hidden" +
             std::to_string(c.shape.hidden) + "_batch" + std::to_string(c.batch);
    });

class KernelLockStep : public testing::TestWithParam<Way> {};

// Both learners step from their own results on the same batches and noise. What is compared is the
// distance in units of the way travelled: rounding enters each step as in the test above, 1e-6 of a
// gradient at most, and Adam divides it by sqrt(v), which is of the gradient's size; 200 such
// errors add up to no more than 2e-4 of the way even if all had one direction.
TEST_P(KernelLockStep, HoldsFor200Steps) {
  LearnerConfig c = gradcheck::check_config({3, 1, width_of(GetParam().mlp)}, 37, 7);
  take(GetParam(), c);
  c.hyper.log_std = {};
  c.hyper.policy_lr = 1e-3;
  c.hyper.q_lr = 2e-3;
  c.hyper.value_lr = 3e-3;
  c.hyper.alpha_lr = 4e-3;
  const auto kernels = cuda::make_cuda_learner(c);
  const auto reference = cpu::make_cpu_learner<double>(c);
  const AgentState start = gradcheck::check_start(c, kernels->state(0));
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

INSTANTIATE_TEST_SUITE_P(Ways, KernelLockStep, exact_ways(), name_of_way);

}  // namespace
}  // namespace sac
