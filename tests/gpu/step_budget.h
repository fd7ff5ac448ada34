// One gradient step of the kernels against the double reference's: where it starts, and how far its
// numbers may be off for a given error of the gradients.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "host/base/learner.h"
#include "host/base/named_parameters.h"
#include "tests/gpu/error_budget.h"
#include "tests/gpu/ways.h"
#include "tests/support/random_batch.h"

namespace sac {

/// Three different learning rates, the largest 3e-3; gamma and tau far from 0 and 1.
inline LearnerConfig step_config(const Shape& shape, int batch) {
  LearnerConfig c;
  c.environment = -1;
  c.shape = shape;
  c.max_action = 2.5;
  c.batch = batch;
  c.hyper.gamma = 0.9;
  c.hyper.tau = 0.1;
  c.hyper.policy_lr = 1e-3;
  c.hyper.q_lr = 2e-3;
  c.hyper.value_lr = 3e-3;
  return c;
}

/// Moments as after some steps: v is 0.01 at least, so that Adam turns no rounding of a vanishing
/// gradient into a whole step.
inline void set_moments(const Shape& shape, AgentState& state) {
  const size_t trained = network_layout(shape, Network::v_target).w1;
  const std::vector<double> m = normals(trained, 91), v = normals(trained, 92);
  for (const NamedTensor& t : named_parameters(shape)) {
    if (t.network == Network::v_target) continue;
    for (size_t i = t.offset; i < t.offset + t.size(); ++i) {
      state.adam_m[i] = static_cast<float>(0.01 * m[i]);
      state.adam_v[i] = static_cast<float>(1e-2 * (1 + v[i] * v[i]));
    }
  }
  state.updates = 6;
}

inline double largest(const std::vector<double>& values, size_t offset, size_t count) {
  double result = 0;
  for (size_t i = offset; i < offset + count; ++i) result = std::max(result, std::abs(values[i]));
  return result;
}

/// Expects gradients within `share` of their network's largest, and losses within `loss_share` of
/// the largest loss. Moments and parameters add a few roundings of their own to what their gradient
/// brings: a parameter's step is the rate times m / sqrt(v), which an error of the gradient moves
/// by its tenth over 0.1 at most.
inline void expect_step_close(const LearnerConfig& c, const StepResult& got,
                              const StepResult& expected, double share, double loss_share) {
  ErrorBudget budget(way_name({c.mlp, c.precision}) + ", hidden " + std::to_string(c.shape.hidden) +
                     ", obs " + std::to_string(c.shape.obs) + ", act " +
                     std::to_string(c.shape.act) + ", batch " + std::to_string(c.batch));
  for (const NamedTensor& t : named_parameters(c.shape)) {
    const size_t first = t.offset, n = t.size();
    const bool target = t.network == Network::v_target;  // follows v
    const NetworkLayout l = network_layout(c.shape, target ? Network::v : t.network);
    const double scale = largest(expected.gradients, l.w1, l.end - l.w1);
    const double gradient = share * scale;
    budget.expect_close(t.name, got.state.parameters, expected.state.parameters, first, n,
                        8 * kUnit * largest(expected.state.parameters, first, n) + 3e-3 * gradient);
    if (target) continue;
    budget.expect_close("grad." + t.name, got.gradients, expected.gradients, first, n, gradient);
    budget.expect_close("adam.m." + t.name, got.state.adam_m, expected.state.adam_m, first, n,
                        0.1 * gradient + 4 * kUnit * largest(expected.state.adam_m, first, n));
    budget.expect_close(
        "adam.v." + t.name, got.state.adam_v, expected.state.adam_v, first, n,
        0.001 * 2 * scale * gradient + 4 * kUnit * largest(expected.state.adam_v, first, n));
  }
  const auto losses = [](const Losses& l) { return std::vector<double>{l.v, l.pi, l.q1, l.q2}; };
  const std::vector<double> want = losses(expected.losses);
  budget.expect_close("loss", losses(got.losses), want, 0, 4, loss_share * largest(want, 0, 4));
}

}  // namespace sac
