// Products with rounded operands: gradient steps, and the bf16 copies of W2.
#include <gtest/gtest.h>

#include "host/cpu/cpu_learner.h"
#include "host/cuda/cuda_learner.h"
#include "host/gradcheck/check_start.h"
#include "tests/gpu/expect_step.h"
#include "tests/support/random_batch.h"

namespace sac {
namespace {

struct PrecisionCase {
  Way way;
  Shape shape;
  int batch;
};

LearnerConfig config_of(const PrecisionCase& c) {
  LearnerConfig config = gradcheck::check_config(c.shape, c.batch, 7);
  take(c.way, config);
  return config;
}

class KernelPrecision : public testing::TestWithParam<PrecisionCase> {};

TEST_P(KernelPrecision, GradientStepIsTheReferencesButForRoundedOperands) {
  expect_reference_step(config_of(GetParam()));
}

// The update keeps the copies: a second step uses what the first one wrote, or what load wrote.
TEST_P(KernelPrecision, StepsFromItsOwnStateAsFromALoadedOne) {
  const LearnerConfig c = config_of(GetParam());
  const auto first = cuda::make_cuda_learner(c), second = cuda::make_cuda_learner(c);
  first->load(0, gradcheck::check_start(c, first->state(0)));
  const StepResult before = first->gradient_step(random_batch(c, 7));
  second->load(0, before.state);
  const Batch batch = random_batch(c, 17);
  const StepResult kept = first->gradient_step(batch), loaded = second->gradient_step(batch);
  EXPECT_EQ(kept.gradients, loaded.gradients);
  EXPECT_EQ(kept.losses.v, loaded.losses.v);
  EXPECT_EQ(kept.losses.q1, loaded.losses.q1);
  EXPECT_EQ(kept.losses.alpha, loaded.losses.alpha);
}

std::vector<PrecisionCase> cases() {
  std::vector<PrecisionCase> all;
  for (const Precision p : {Precision::tf32, Precision::bf16}) {
    // From 129 rows on a block has 32, in sac_v2 from 177 (kernels/fused/roles.h).
    for (const auto& [shape, batch] : {std::pair{Shape{5, 1, 32}, 1},
                                       {Shape{16, 2, 32}, 141},
                                       {Shape{3, 1, 128}, 137},
                                       {Shape{1, 4, 32}, 13},
                                       {Shape{3, 1, 64}, 37},
                                       {Shape{16, 4, 64}, 65},
                                       {Shape{4, 2, 64}, 271},
                                       {Shape{9, 3, 128}, 33},
                                       {Shape{5, 1, 256}, 31},
                                       {Shape{1, 4, 32, Algorithm::sac_v2}, 13},
                                       {Shape{4, 2, 64, Algorithm::sac_v2}, 181},
                                       {Shape{9, 3, 128, Algorithm::sac_v2}, 33},
                                       {Shape{5, 1, 256, Algorithm::sac_v2}, 31}}) {
      all.push_back({{Mlp::fused, p, shape.algorithm}, shape, batch});
    }
    all.push_back({{Mlp::cublas, p}, {1, 4, 33}, 13});
    all.push_back({{Mlp::cublas, p}, {9, 3, 100}, 33});
    all.push_back({{Mlp::cublas, p, Algorithm::sac_v2}, {9, 3, 33, Algorithm::sac_v2}, 13});
  }
  return all;
}

INSTANTIATE_TEST_SUITE_P(Sizes, KernelPrecision, testing::ValuesIn(cases()),
                         [](const testing::TestParamInfo<PrecisionCase>& test) {
                           const PrecisionCase& c = test.param;
                           return way_name(c.way) + "_hidden" + std::to_string(c.shape.hidden) +
                                  "_batch" + std::to_string(c.batch);
                         });

}  // namespace
}  // namespace sac
