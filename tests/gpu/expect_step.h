// One gradient step of the kernels against the double reference's, within the allowances of
// host/gradcheck/error_model.h.
#pragma once

#include <string>

#include "host/base/learner.h"
#include "host/cpu/cpu_learner.h"
#include "host/cuda/cuda_learner.h"
#include "host/gradcheck/check_start.h"
#include "host/gradcheck/smooth_batch.h"
#include "host/gradcheck/step_check.h"
#include "tests/gpu/error_budget.h"
#include "tests/gpu/ways.h"

namespace sac {

/// "fused_tf32, hidden 64, obs 3, act 1, batch 37"
inline std::string step_title(const LearnerConfig& c) {
  return way_name({c.mlp, c.precision, c.shape.algorithm}) + ", hidden " +
         std::to_string(c.shape.hidden) + ", obs " + std::to_string(c.shape.obs) + ", act " +
         std::to_string(c.shape.act) + ", batch " + std::to_string(c.batch);
}

/// Expects every quantity of a step from `before` to be right; prints the largest share used.
inline void expect_step(const std::string& title, const LearnerConfig& c, const AgentState& before,
                        const StepResult& got, const StepResult& expected) {
  ErrorBudget budget(title);
  for (const gradcheck::Check& check :
       gradcheck::compare_step(c, gradcheck::float_model(c), before, got, expected)) {
    budget.expect_within(check.quantity, check.worst);
  }
}

/// Expects the kernels' step from check_start on a smooth batch to be the double reference's.
inline void expect_reference_step(const LearnerConfig& c) {
  LearnerConfig exact = c;
  exact.precision = Precision::fp32;
  const auto kernels = cuda::make_cuda_learner(c);
  const auto reference = cpu::make_cpu_learner<double>(exact);
  const AgentState state = gradcheck::check_start(c, kernels->state(0));
  kernels->load(0, state);
  reference->load(0, state);
  const Batch batch = gradcheck::smooth_batch(c, state.parameters);
  expect_step(step_title(c), c, state, kernels->gradient_step(batch),
              reference->gradient_step(batch));
}

}  // namespace sac
