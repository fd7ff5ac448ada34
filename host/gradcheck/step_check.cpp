#include "host/gradcheck/step_check.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "host/base/named_losses.h"
#include "host/base/named_parameters.h"
#include "host/gradcheck/plain_losses.h"
#include "host/gradcheck/plain_update.h"

namespace sac::gradcheck {
namespace {

using Vector = std::vector<double>;

double loss_of(Algorithm algorithm, Network network, const Losses& losses) {
  const auto all = named_losses(algorithm);
  return losses.*std::ranges::find(all, network, &NamedLoss::network)->value;
}

double largest_of(const Vector& values, const NamedTensor& tensor) {
  double largest = 0;
  for (size_t i = tensor.offset; i < tensor.offset + tensor.size(); ++i) {
    largest = std::max(largest, std::abs(values[i]));
  }
  return largest;
}

void compare_losses(Algorithm algorithm, const ErrorModel& model, const Losses& got,
                    const Losses& expected, const char* against, std::vector<Check>& checks) {
  for (const NamedLoss& loss : named_losses(algorithm)) {
    const double value = expected.*loss.value;
    checks.push_back({std::string("loss ") + loss.name,
                      against,
                      {larger_error(0, got.*loss.value - value), model.of_loss(value)}});
  }
}

/// What a step's gradients and state may be off, element by element.
struct Allowances {
  Vector gradients, adam_m, adam_v, parameters;
};

/// What errors of the moments up to m_off and v_off make of Adam's step: the furthest of their four
/// corners, but no more than twice the step that a first gradient makes, whatever its size: it may
/// be reversed. And the formula's own roundings.
double step_allowance(const Hyperparameters& hyper, const ErrorModel& model, Network network,
                      int64_t updates, double m, double v, double m_off, double v_off) {
  const auto step = [&](double at_m, double at_v) {
    return adam_step(hyper, network, updates, at_m, std::max(at_v, 0.0));
  };
  const double right = step(m, v);
  double off = 0;
  for (const double i : {-1, 1}) {
    for (const double j : {-1, 1}) {
      off = std::max(off, std::abs(step(m + i * m_off, v + j * v_off) - right));
    }
  }
  const double whole =
      std::abs(adam_step(hyper, network, updates, 1 - hyper.beta1, 1 - hyper.beta2));
  return std::min(off, 2 * whole) + model.of_formula(std::abs(right));
}

/// `gradient_share`: how much of the gradients' allowance they may use.
Allowances allowances(const LearnerConfig& config, const ErrorModel& model,
                      const AgentState& before, const Vector& gradients, const AgentState& after,
                      double gradient_share) {
  const Hyperparameters& hyper = config.hyper;
  const size_t stride = agent_stride(config.shape);
  Allowances a{Vector(stride), Vector(stride), Vector(stride), Vector(stride)};
  for (const NamedTensor& tensor : named_parameters(config.shape)) {
    const bool target = is_target(config.shape.algorithm, tensor.network);  // come last
    const double gradient_off =
        target ? 0 : model.of_gradient(largest_of(gradients, tensor), tensor.size());
    const double used_off = gradient_share * gradient_off;
    for (size_t i = tensor.offset; i < tensor.offset + tensor.size(); ++i) {
      const double p = std::abs(after.parameters[i]);
      if (target) {
        a.parameters[i] = hyper.tau * a.parameters[i - target_distance(config.shape)] +
                          model.of_formula(std::max(p, std::abs(before.parameters[i])));
        continue;
      }
      const double g = std::abs(gradients[i]);
      a.gradients[i] = gradient_off;
      a.adam_m[i] =
          (1 - hyper.beta1) * used_off + model.of_formula(std::max(std::abs(before.adam_m[i]), g));
      a.adam_v[i] = (1 - hyper.beta2) * (2 * g + used_off) * used_off +
                    model.of_formula(std::max(before.adam_v[i], g * g));
      a.parameters[i] = step_allowance(hyper, model, tensor.network, after.updates, after.adam_m[i],
                                       after.adam_v[i], a.adam_m[i], a.adam_v[i]) +
                        model.of_formula(p);
    }
  }
  return a;
}

Deviation worst_of(const Vector& got, const Vector& expected, const Vector& allowed,
                   const NamedTensor& tensor) {
  Deviation worst;
  for (size_t i = tensor.offset; i < tensor.offset + tensor.size(); ++i) {
    worst.keep_worse({larger_error(0, got[i] - expected[i]), allowed[i]});
  }
  return worst;
}

void compare_gradients(const LearnerConfig& config, const Vector& got, const Vector& expected,
                       const Vector& allowed, std::vector<Check>& checks) {
  for (const NamedTensor& tensor : named_parameters(config.shape)) {
    if (is_target(config.shape.algorithm, tensor.network)) continue;
    checks.push_back(
        {"gradient " + tensor.name, "reference", worst_of(got, expected, allowed, tensor)});
  }
}

void compare_differences(Algorithm algorithm, const ErrorModel& model, const StepResult& got,
                         const Definition& expected, std::vector<Check>& checks) {
  const ErrorModel of_plain_losses{kDoubleRounding, model.hidden, model.batch};
  for (const auto& [tensor, at, derivatives] : expected.gradients) {
    double error = 0, largest = 0;
    for (size_t i = 0; i < at.size(); ++i) {
      error = larger_error(error, got.gradients[at[i]] - derivatives[i]);
      largest = std::max(largest, std::abs(derivatives[i]));
    }
    const double loss = loss_of(algorithm, tensor.network, expected.losses);
    checks.push_back({"gradient " + tensor.name,
                      "finite differences",
                      {error, model.of_gradient(largest, tensor.size()) +
                                  of_difference(of_plain_losses, loss, largest, kDifferenceStep)}});
  }
}

/// The state after the step, each network's worst element.
void compare_update(const LearnerConfig& config, const AgentState& got, const AgentState& expected,
                    const Allowances& allowed, const char* against, std::vector<Check>& checks) {
  const Algorithm algorithm = config.shape.algorithm;
  const auto compare = [&](const char* what, Vector AgentState::*member, const Vector& allowance,
                           Network network) {
    Deviation worst;
    for (const NamedTensor& tensor : named_parameters(config.shape)) {
      if (tensor.network != network) continue;
      worst.keep_worse(worst_of(got.*member, expected.*member, allowance, tensor));
    }
    checks.push_back({std::string(network_name(algorithm, network)) + " " + what, against, worst});
  };
  for (const NamedLoss& loss : named_losses(algorithm)) {
    compare("Adam's m", &AgentState::adam_m, allowed.adam_m, loss.network);
    compare("Adam's v", &AgentState::adam_v, allowed.adam_v, loss.network);
    compare("parameters", &AgentState::parameters, allowed.parameters, loss.network);
  }
  for (int n = trained_networks(algorithm); n < kNetworks; ++n) {
    const Network target = static_cast<Network>(n);
    compare("soft update", &AgentState::parameters, allowed.parameters, target);
  }
}

}  // namespace

Definition define_step(const LearnerConfig& config, const std::vector<double>& parameters,
                       const Batch& batch, const ReportShare& report) {
  return {plain_losses(config.shape, config.hyper, config.max_action, parameters, batch),
          finite_differences(config, parameters, batch, report)};
}

ErrorModel float_model(const LearnerConfig& config) {
  return {kFloatRounding, config.shape.hidden, config.batch, operand_rounding(config.precision)};
}

std::vector<Check> compare_step(const LearnerConfig& config, const ErrorModel& model,
                                const AgentState& before, const StepResult& got,
                                const StepResult& expected) {
  const Allowances allowed =
      allowances(config, model, before, expected.gradients, expected.state, 1);
  std::vector<Check> checks;
  compare_losses(config.shape.algorithm, model, got.losses, expected.losses, "reference", checks);
  compare_gradients(config, got.gradients, expected.gradients, allowed.gradients, checks);
  compare_update(config, got.state, expected.state, allowed, "reference", checks);
  return checks;
}

std::vector<Check> compare_step(const LearnerConfig& config, const ErrorModel& model,
                                const AgentState& before, const StepResult& got,
                                const Definition& expected) {
  const AgentState by_the_book = plain_update(config.shape, config.hyper, before, got.gradients);
  const Allowances allowed = allowances(config, model, before, got.gradients, by_the_book, 0);
  std::vector<Check> checks;
  compare_losses(config.shape.algorithm, model, got.losses, expected.losses, "plain losses",
                 checks);
  compare_differences(config.shape.algorithm, model, got, expected, checks);
  compare_update(config, got.state, by_the_book, allowed, "definition", checks);
  return checks;
}

}  // namespace sac::gradcheck
