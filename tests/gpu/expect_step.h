// One gradient step of the kernels against the double reference's, within the allowances of
// host/gradcheck/error_model.h.
#pragma once

#include <string>

#include "host/base/learner.h"
#include "host/gradcheck/step_check.h"
#include "tests/gpu/error_budget.h"
#include "tests/gpu/ways.h"

namespace sac {

/// Expects every quantity of a step from `before` to be right; prints the largest share used.
inline void expect_step(const std::string& title, const LearnerConfig& c, const AgentState& before,
                        const StepResult& got, const StepResult& expected) {
  ErrorBudget budget(title);
  for (const gradcheck::Check& check :
       gradcheck::compare_step(c, gradcheck::float_model(c), before, got, expected)) {
    budget.expect_within(check.quantity, check.worst);
  }
}

/// "fused_tf32, hidden 64, obs 3, act 1, batch 37"
inline std::string step_title(const LearnerConfig& c) {
  return way_name({c.mlp, c.precision}) + ", hidden " + std::to_string(c.shape.hidden) + ", obs " +
         std::to_string(c.shape.obs) + ", act " + std::to_string(c.shape.act) + ", batch " +
         std::to_string(c.batch);
}

}  // namespace sac
