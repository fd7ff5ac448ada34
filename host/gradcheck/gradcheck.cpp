#include "host/gradcheck/gradcheck.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "host/base/named_parameters.h"
#include "host/gradcheck/decided_networks.h"
#include "host/gradcheck/error_model.h"
#include "host/gradcheck/finite_differences.h"
#include "host/gradcheck/plain_losses.h"
#include "host/gradcheck/plain_update.h"
#include "host/gradcheck/sampler_check.h"
#include "host/gradcheck/smooth_batch.h"
#include "kernels/random.h"

namespace sac::gradcheck {
namespace {

using Vector = std::vector<double>;

/// The networks that have a loss, and their places in Losses.
struct NetworkLoss {
  Network network;
  double Losses::*member;
};
constexpr std::array<NetworkLoss, kTrainedNetworks> kLosses = {{{Network::v, &Losses::v},
                                                                {Network::pi, &Losses::pi},
                                                                {Network::q1, &Losses::q1},
                                                                {Network::q2, &Losses::q2}}};

double loss_of(Network network, const Losses& losses) {
  const auto* loss = std::ranges::find(kLosses, network, &NetworkLoss::network);
  return losses.*loss->member;
}

double largest_of(const Vector& values, const NamedTensor& tensor) {
  double largest = 0;
  for (size_t i = 0; i < tensor.size(); ++i) {
    largest = std::max(largest, std::abs(values[tensor.offset + i]));
  }
  return largest;
}

double largest_difference(const Vector& a, const Vector& b, const NamedTensor& tensor) {
  double error = 0;
  for (size_t i = tensor.offset; i < tensor.offset + tensor.size(); ++i) {
    error = larger_error(error, a[i] - b[i]);
  }
  return error;
}

/// The checks of one learner, all of the same step.
class Checker {
 public:
  Checker(const LearnerConfig& config, std::string learner, double rounding, double operands)
      : config_(config),
        learner_(std::move(learner)),
        model_{rounding, config.shape.hidden, config.batch, operands} {}

  void losses(const Losses& got, const Losses& expected, const char* against) {
    for (const NetworkLoss& loss : kLosses) {
      const double value = expected.*loss.member;
      add(fmt::format("loss {}", network_name(loss.network)), against,
          larger_error(0, got.*loss.member - value), model_.of_loss(value));
    }
  }

  void gradients(const Vector& got, const Vector& expected, const char* against) {
    for (const NamedTensor& tensor : named_parameters(config_.shape)) {
      if (tensor.network == Network::v_target) continue;
      add("gradient " + tensor.name, against, largest_difference(got, expected, tensor),
          model_.of_gradient(largest_of(expected, tensor), tensor.size()));
    }
  }

  /// The state after the step, each network's worst tensor. `gradients` are the right ones, and
  /// `gradient_share` how much of the error model the learner's own may be off: what that makes of
  /// the state is allowed.
  void update(const AgentState& before, const Vector& gradients, double gradient_share,
              const AgentState& got, const AgentState& expected, const char* against) {
    const std::vector<AgentState> blurred = blurred_updates(before, gradients, gradient_share);
    const auto compare = [&](const char* what, Vector AgentState::*member, Network network) {
      Deviation worst;
      for (const NamedTensor& tensor : named_parameters(config_.shape)) {
        if (tensor.network != network) continue;
        const Vector& right = expected.*member;
        double allowance =
            model_.of_formula(largest_of(before.*member, tensor) + largest_of(right, tensor));
        for (const AgentState& state : blurred) {
          allowance += largest_difference(state.*member, right, tensor);
        }
        worst.keep_worse({largest_difference(got.*member, right, tensor), allowance});
      }
      add(fmt::format("{} {}", network_name(network), what), against, worst.error, worst.allowance);
    };
    for (const Network network : {Network::pi, Network::q1, Network::q2, Network::v}) {
      compare("Adam's m", &AgentState::adam_m, network);
      compare("Adam's v", &AgentState::adam_v, network);
      compare("parameters", &AgentState::parameters, network);
    }
    compare("soft update", &AgentState::parameters, Network::v_target);
  }

  void sampler(Learner& learner) {
    for (const SamplerError& e : check_sampler(config_, learner, model_)) {
      add(e.quantity, "definition", e.worst.error, e.worst.allowance);
    }
  }

  void add(const std::string& quantity, const char* against, double error, double allowance) {
    checks_.push_back({learner_, quantity, against, error, allowance});
  }

  const ErrorModel& model() const { return model_; }
  std::vector<Check>& checks() { return checks_; }

 private:
  /// Updates by the book, each with something off by what is allowed, one thing at a time, or their
  /// effects could cancel: the gradients, and the betas, since a float cannot hold 0.999 and
  /// 1 - beta2 magnifies that. What a beta's error adds to the moments stands in for it: in Adam's
  /// correction, which is the book's, it would cancel.
  std::vector<AgentState> blurred_updates(const AgentState& before, const Vector& gradients,
                                          double share) const {
    AgentState m = before, v = before;
    Vector g = gradients;
    for (const NamedTensor& tensor : named_parameters(config_.shape)) {
      const double blur = share * model_.of_gradient(largest_of(gradients, tensor), tensor.size());
      for (size_t i = tensor.offset; i < tensor.offset + tensor.size(); ++i) {
        m.adam_m[i] += model_.rounding * (std::abs(m.adam_m[i]) + std::abs(g[i]));
        v.adam_v[i] += model_.rounding * (v.adam_v[i] + g[i] * g[i]);
        g[i] += blur;
      }
    }
    return {plain_update(config_.shape, config_.hyper, m, gradients),
            plain_update(config_.shape, config_.hyper, v, gradients),
            plain_update(config_.shape, config_.hyper, before, g)};
  }

  const LearnerConfig& config_;
  const std::string learner_;
  const ErrorModel model_;
  std::vector<Check> checks_;
};

void check_differences(const LearnerConfig& config, const Vector& parameters, const Batch& batch,
                       const StepResult& result, const ReportShare& report, Checker& checker) {
  const std::vector<TensorDifferences> all = finite_differences(config, parameters, batch, report);
  for (const auto& [tensor, at, derivatives] : all) {
    double error = 0;
    for (size_t i = 0; i < at.size(); ++i) {
      error = larger_error(error, result.gradients[at[i]] - derivatives[i]);
    }
    const double loss = loss_of(tensor.network, result.losses);
    checker.add("gradient " + tensor.name, "finite differences", error,
                of_difference(checker.model(), loss, largest_of(result.gradients, tensor),
                              kDifferenceStep));
  }
}

/// Moments as after some training, so that the step depends on gradient and moments alike; from
/// zero moments Adam's first step has the gradient's sign and no more. v_target leaves v. Where
/// operands are rounded, networks that this does not change abruptly.
AgentState start(const LearnerConfig& config, Learner& learner) {
  constexpr uint64_t kStep = 0;
  constexpr double kScale = 0.02;  // as gradients are
  AgentState state = learner.state(0);
  if (operand_rounding(config.precision) > 0) decide_networks(config.shape, state.parameters);
  state.updates = 6;
  for (const NamedTensor& tensor : named_parameters(config.shape)) {
    for (size_t i = tensor.offset; i < tensor.offset + tensor.size(); ++i) {
      const uint32_t element = static_cast<uint32_t>(i);
      const double normal = random_normal<float>({config.seed}, Purpose::warm_up, element, kStep);
      const double uniform =
          uniform01<float>(random_word({config.seed}, Purpose::reset, element, kStep));
      if (tensor.network == Network::v_target) {
        state.parameters[i] += kScale * normal;
      } else {
        state.adam_m[i] = kScale * normal / 2;
        state.adam_v[i] = kScale * kScale * (1 + uniform);
      }
    }
  }
  learner.load(0, state);
  return learner.state(0);  // as the learner's scalar holds it
}

}  // namespace

LearnerConfig gradcheck_config(const Shape& shape, int batch, uint64_t seed) {
  LearnerConfig c;
  c.environment = -1;
  c.shape = shape;
  c.max_action = 2;
  c.batch = batch;
  c.envs = 1;
  c.replay_capacity = batch;
  c.seed = seed;
  c.threads = 1;
  c.hyper.gamma = 0.9;
  c.hyper.tau = 0.1;
  c.hyper.policy_lr = 0.05;
  c.hyper.value_lr = 0.03;
  c.hyper.q_lr = 0.02;
  c.hyper.log_std = {.low = -0.1, .high = 0.1};
  return c;
}

std::vector<Check> check_gradients(const LearnerConfig& config, Learner& learner,
                                   Learner& reference, const ReportShare& report) {
  const AgentState before = start(config, learner);
  reference.load(0, before);
  const Batch batch = smooth_batch(config, before.parameters);
  const StepResult got = learner.gradient_step(batch), right = reference.gradient_step(batch);

  Checker first(config, "learner", kFloatRounding, operand_rounding(config.precision));
  first.losses(got.losses, right.losses, "reference");
  first.gradients(got.gradients, right.gradients, "reference");
  first.update(before, right.gradients, 1, got.state, right.state, "reference");
  first.sampler(learner);

  Checker second(config, "reference", kDoubleRounding, 0);
  second.losses(
      right.losses,
      plain_losses(config.shape, config.hyper, config.max_action, before.parameters, batch),
      "plain losses");
  check_differences(config, before.parameters, batch, right, report, second);
  const AgentState by_the_book = plain_update(config.shape, config.hyper, before, right.gradients);
  second.update(before, right.gradients, 0, right.state, by_the_book, "definition");
  second.sampler(reference);

  std::vector<Check> checks = std::move(first.checks());
  checks.insert(checks.end(), second.checks().begin(), second.checks().end());
  return checks;
}

}  // namespace sac::gradcheck
