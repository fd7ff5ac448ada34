#include "bench/gpu/checks.h"

#include <algorithm>
#include <cmath>

#include "host/gradcheck/error_model.h"
#include "host/gradcheck/finite_differences.h"
#include "host/gradcheck/plain_losses.h"
#include "host/gradcheck/plain_update.h"
#include "host/gradcheck/smooth_batch.h"
#include "kernels/random.h"

namespace sac::bench {
namespace {

using Vector = std::vector<double>;

double float_share(const LearnerConfig& c) {
  return gradcheck::ErrorModel{gradcheck::kFloatRounding, c.shape.hidden, c.batch}.relative();
}

/// What an operand of a product is off by on average, relative to itself.
double mean_rounding(Precision precision) {
  return gradcheck::operand_rounding(precision) / 2;
}

/// How far a gradient may be off, relative to its own size. In fp32 no row comes so close to a kink
/// that rounding could carry it across (host/gradcheck/smooth_batch.h). Operands of 11 or 8 bits
/// move a ReLU's input by about their mean rounding u of its size, so about a share u of the units
/// change sides; each takes its whole part of the gradient along, which is sqrt(u) of the
/// gradient's norm. Four layers of ReLUs lie on the longest way, and independent errors add in
/// squares: sqrt(4 u), of which 1.5 times is granted. A wrong or missing term is off by the
/// gradient's own size.
double gradient_share(const LearnerConfig& c) {
  if (c.precision == Precision::fp32) return float_share(c);
  return 1.5 * std::sqrt(4 * mean_rounding(c.precision));
}

/// Of a value or its loss, in relation to its size or to 1. Weights are rounded once for the whole
/// batch, so that the errors of its rows do not average out: u in each of four layers, added in
/// squares.
double value_share(const LearnerConfig& c) {
  if (c.precision == Precision::fp32) return float_share(c);
  return 2 * mean_rounding(c.precision);
}

LearnerConfig checked_config(int hidden) {
  LearnerConfig c;
  c.environment = -1;
  c.shape = {.obs = 5, .act = 2, .hidden = hidden};
  c.max_action = 2;
  c.batch = 40;  // two tiles of rows and a half
  c.envs = 1;
  c.replay_capacity = c.batch;
  c.hyper.gamma = 0.9;
  c.hyper.tau = 0.1;
  c.hyper.policy_lr = 0.05;
  c.hyper.value_lr = 0.03;
  c.hyper.q_lr = 0.02;
  return c;
}

/// Moments as after some training, so that the step depends on gradient and moments alike.
AgentState running_state(const LearnerConfig& c, AgentState state) {
  constexpr double kScale = 0.02;  // as gradients are
  state.updates = 6;
  for (size_t i = 0; i < network_layout(c.shape, Network::v_target).w1; ++i) {
    const uint32_t element = static_cast<uint32_t>(i);
    const double m = random_normal<float>({c.seed}, Purpose::warm_up, element, 0);
    const double v = uniform01<float>(random_word({c.seed}, Purpose::reset, element, 0));
    state.adam_m[i] = static_cast<float>(kScale * m / 2);
    state.adam_v[i] = static_cast<float>(kScale * kScale * (1 + v));
  }
  return state;
}

/// What every variant of one width is compared with.
struct Expected {
  LearnerConfig config;
  AgentState before;
  Batch batch;
  Losses losses;
  std::vector<gradcheck::TensorDifferences> gradients;
};

Expected expected_step(const MakeLearner& make, int hidden) {
  const LearnerConfig c = checked_config(hidden);
  const AgentState before = running_state(c, make(c)->state(0));
  const Batch batch = gradcheck::smooth_batch(c, before.parameters);
  return {c, before, batch,
          gradcheck::plain_losses(c.shape, c.hyper, c.max_action, before.parameters, batch),
          gradcheck::finite_differences(c, before.parameters, batch, [](double) {})};
}

gradcheck::Deviation worst_loss(const LearnerConfig& c, const Losses& got, const Losses& expected) {
  gradcheck::Deviation worst;
  for (const auto loss : {&Losses::v, &Losses::pi, &Losses::q1, &Losses::q2}) {
    const double value = expected.*loss;
    worst.keep_worse(
        {gradcheck::larger_error(0, got.*loss - value), value_share(c) * (1 + std::abs(value))});
  }
  return worst;
}

/// In each tensor the root of the mean square over the elements that were differenced.
gradcheck::Deviation worst_gradient(const LearnerConfig& c, const Vector& got,
                                    const std::vector<gradcheck::TensorDifferences>& expected) {
  constexpr double kOfDifferences = 1e-8;  // host/gradcheck/error_model.h, of_difference
  gradcheck::Deviation worst;
  for (const auto& [tensor, at, derivatives] : expected) {
    double error = 0, size = 0;
    for (size_t i = 0; i < at.size(); ++i) {
      error += std::pow(got[at[i]] - derivatives[i], 2);
      size += std::pow(derivatives[i], 2);
    }
    const double count = static_cast<double>(at.size());
    // Rows may cancel: what they leave is no measure of their errors, which are value_share of
    // terms of order one, averaged over the batch and spread over the tensor.
    const double floor = value_share(c) / (std::sqrt(c.batch) * static_cast<double>(tensor.size()));
    worst.keep_worse({gradcheck::larger_error(0, std::sqrt(error / count)),
                      gradient_share(c) * std::sqrt(size / count) + floor + kOfDifferences});
  }
  return worst;
}

/// Whatever multiplied, the update is fp32 arithmetic: a few roundings of each tensor's largest.
gradcheck::Deviation worst_update(const LearnerConfig& c, const AgentState& before,
                                  const StepResult& got) {
  const AgentState expected = gradcheck::plain_update(c.shape, c.hyper, before, got.gradients);
  gradcheck::Deviation worst;
  for (const auto part : {&AgentState::parameters, &AgentState::adam_m, &AgentState::adam_v}) {
    for (const NamedTensor& tensor : named_parameters(c.shape)) {
      double error = 0, largest = 0;
      for (size_t i = tensor.offset; i < tensor.offset + tensor.size(); ++i) {
        error = gradcheck::larger_error(error, (got.state.*part)[i] - (expected.*part)[i]);
        largest = std::max({largest, std::abs((expected.*part)[i]), std::abs((before.*part)[i])});
      }
      worst.keep_worse({error, 8 * gradcheck::kFloatRounding * largest});
    }
  }
  return worst;
}

constexpr int widest(bool tiny) {
  return tiny ? 32 : 256;
}

constexpr int kCycles = 175;  ///< of one update each: two of the learner's graphs, and a few more

/// Trains, so many cycles at once: one is launched as it is, many are replayed graphs.
AgentState trained(const MakeLearner& make, const LearnerConfig& config, int at_once) {
  const std::unique_ptr<Learner> learner = make(config);
  learner->warm_up(2);
  for (int i = 0; i < kCycles; i += at_once) learner->train(at_once);
  return learner->state(0);
}

/// How many parameters differ between two runs by graph replay and one by direct launches.
gradcheck::Deviation different_bits(const MakeLearner& make, const Variant& variant, bool tiny) {
  const LearnerConfig c =
      tiny ? bench_config(variant, 0, 32, 16, 16, 1) : bench_config(variant, 0, 256, 256, 256, 1);
  const Vector first = trained(make, c, kCycles).parameters;
  double different = 0;
  for (const int at_once : {kCycles, 1}) {
    const Vector again = trained(make, c, at_once).parameters;
    for (size_t i = 0; i < first.size(); ++i) different += again[i] != first[i] ? 1 : 0;
  }
  return {different, 0};
}

std::string scientific(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1e", x);
  return text;
}

void add_row(Checks& checks, const std::string& what, const Variant& variant,
             const std::string& against, const gradcheck::Deviation& d) {
  const bool passed = d.error <= d.allowance;
  checks.passed &= passed;
  checks.table.rows.push_back({what, text(variant), against, scientific(d.error),
                               scientific(d.allowance), passed ? "passed" : "FAILED"});
}

}  // namespace

void check_steps(const MakeLearner& make, std::span<const Variant> variants, bool tiny,
                 Checks& checks) {
  for (const int hidden :
       tiny ? std::vector<int>{widest(tiny)} : std::vector<int>{64, 128, widest(tiny)}) {
    const Expected expected = expected_step(make, hidden);
    const std::string where = ", hidden " + std::to_string(hidden);
    for (const Variant& variant : variants) {
      if (!fits(variant, hidden)) continue;
      LearnerConfig c = expected.config;
      c.mlp = variant.mlp;
      c.precision = variant.precision;
      const std::unique_ptr<Learner> learner = make(c);
      learner->load(0, expected.before);
      const StepResult got = learner->gradient_step(expected.batch);
      add_row(checks, "losses" + where, variant, "plain losses in double",
              worst_loss(c, got.losses, expected.losses));
      add_row(checks, "gradients" + where, variant, "their finite differences",
              worst_gradient(c, got.gradients, expected.gradients));
      add_row(checks, "update" + where, variant, "Adam in double",
              worst_update(c, expected.before, got));
    }
  }
}

void check_repeats(const MakeLearner& make, std::span<const Variant> variants, bool tiny,
                   Checks& checks) {
  for (const Variant& variant : variants) {
    if (!fits(variant, widest(tiny))) continue;
    add_row(checks, "parameters after " + std::to_string(kCycles) + " updates", variant,
            "graph replayed, launched one by one", different_bits(make, variant, tiny));
  }
}

}  // namespace sac::bench
