// The worked example of docs/how-it-works.md: its figures from the formulas as that page writes
// them, from the code of the sample, and from a gradient step of the learner.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <map>
#include <string>

#include "host/base/named_parameters.h"
#include "host/cpu/cpu_learner.h"
#include "kernels/sac/tanh_gaussian.h"

namespace sac {
namespace {

// What the page chooses.
constexpr double kMean = 0.3, kStd = 0.5, kMaxAction = 2, kGamma = 0.9, kRewardScale = 2;
constexpr double kTau = 0.25, kValueRate = 0.1, kValueNoise = 0.8, kPolicyNoise = -0.4;
constexpr double kV = 1, kVNext = 2, kQ2 = 1.5, kAction = -1, kReward = 0.5;
constexpr double kQ1AtZero = 1.2, kQ1Slope = 0.5;

double q1(double action) {
  return kQ1AtZero + kQ1Slope * action;
}

double softplus_by_hand(double x) {
  return std::log(1 + std::exp(x));
}

/// The page's formulas for one sample.
struct ByHand {
  double u, action, log_normal, log_slope, log_prob;

  explicit ByHand(double noise)
      : u(kMean + kStd * noise),
        action(kMaxAction * std::tanh(u)),
        log_normal(-noise * noise / 2 - std::log(kStd) - std::log(2 * std::acos(-1.0)) / 2),
        log_slope(2 * (std::log(2) - u - softplus_by_hand(-2 * u))),
        log_prob(log_normal - std::log(kMaxAction) - log_slope) {}
};

/// Everything that the page's table lists, under the names that it has there.
std::map<std::string, double> by_hand() {
  const ByHand value(kValueNoise), policy(kPolicyNoise);
  const double target = std::min(q1(value.action), kQ2) - value.log_prob;
  const double tanh_u = std::tanh(policy.u);
  const double mean_gradient = 2 * tanh_u - kMaxAction * (1 - tanh_u * tanh_u) * kQ1Slope;
  const double q_target = kRewardScale * kReward + kGamma * kVNext;
  const double v_after = kV + kValueRate;
  const auto half_square = [](double x) { return x * x / 2; };
  return {{"ũ", value.u},
          {"ã", value.action},
          {"log N(ũ)", value.log_normal},
          {"log(1 − tanh² ũ)", value.log_slope},
          {"log π(ã)", value.log_prob},
          {"target of V", target},
          {"J_V", half_square(kV - target)},
          {"û", policy.u},
          {"â", policy.action},
          {"log π(â)", policy.log_prob},
          {"J_π", policy.log_prob - std::min(q1(policy.action), kQ2)},
          {"∂J_π/∂μ", mean_gradient},
          {"∂J_π/∂log σ", mean_gradient * kStd * kPolicyNoise - 1},
          {"Q̂", q_target},
          {"J_Q1", half_square(q1(kAction) - q_target)},
          {"J_Q2", half_square(kQ2 - q_target)},
          {"Q̂ if terminated", kRewardScale * kReward},
          {"V(s) after Adam's first step", v_after},
          {"V̄ after the soft update", kTau * v_after + (1 - kTau) * kVNext}};
}

/// The table of the page: first cell and last cell of the rows after its heading.
std::map<std::string, double> printed() {
  std::map<std::string, double> values;
  std::ifstream page(SAC_SOURCE "/docs/how-it-works.md");
  bool in_example = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("## ")) in_example = line == "## A worked example";
    if (!in_example || !line.starts_with("| ") || line.starts_with("| quantity")) continue;
    const size_t name_end = line.find(" |"), value = line.rfind("| ", line.size() - 3);
    values[line.substr(2, name_end - 2)] = std::stod(line.substr(value + 2));
  }
  return values;
}

TEST(HowItWorks, PrintsWhatItsFormulasGive) {
  const std::map<std::string, double> expected = by_hand(), page = printed();
  EXPECT_EQ(page.size(), expected.size());
  for (const auto& [name, value] : expected) {
    ASSERT_TRUE(page.contains(name)) << name;
    EXPECT_NEAR(page.at(name), value, 0.5000001e-6) << name;  // six digits, rounded
  }
}

TEST(HowItWorks, WithoutLogMaxActionTheLossIsTheOneItWarnsOf) {
  const ByHand value(kValueNoise);
  const double error =
      kV - (std::min(q1(value.action), kQ2) - value.log_prob - std::log(kMaxAction));
  EXPECT_NEAR(error * error / 2, 0.174789, 0.5e-6);
}

TEST(HowItWorks, TheSamplesAreThoseOfTheCode) {
  for (const double noise : {kValueNoise, kPolicyNoise}) {
    const ByHand expected(noise);
    const auto sample =
        tanh_gaussian_sample<double, double>(kMean, std::log(kStd), noise, kMaxAction);
    EXPECT_NEAR(sample.action, expected.action, 1e-14);
    EXPECT_NEAR(sample.log_prob, expected.log_prob, 1e-14);
  }
}

/// Networks with the example's outputs. All weights are zero but those that Q1 needs: a hidden unit
/// is a + 4, above zero for any action, and its head takes the 4 out again.
class Example {
 public:
  Example() {
    config_.environment = -1;
    config_.shape = {.obs = 1, .act = 1, .hidden = 8};
    config_.max_action = kMaxAction;
    config_.batch = 1;
    config_.hyper.gamma = kGamma;
    config_.hyper.tau = kTau;
    config_.hyper.reward_scale = kRewardScale;
    config_.hyper.value_lr = kValueRate;
    const size_t size = agent_stride(config_.shape);
    for (auto* v : {&state_.parameters, &state_.adam_m, &state_.adam_v}) v->assign(size, 0);
    set("pi.mean.bias", 0, kMean);
    set("pi.log_std.bias", 0, std::log(kStd));
    set("q1.layers.0.weight", 1, 1);  // of (s, a)
    set("q1.layers.0.bias", 0, 4);
    set("q1.layers.1.weight", 0, 1);
    set("q1.out.weight", 0, kQ1Slope);
    set("q1.out.bias", 0, kQ1AtZero - 4 * kQ1Slope);
    set("q2.out.bias", 0, kQ2);
    set("v.out.bias", 0, kV);
    set("v_target.out.bias", 0, kVNext);
  }

  StepResult step(bool terminated) const {
    const auto learner = cpu::make_cpu_learner<double>(config_);
    learner->load(0, state_);
    return learner->gradient_step({.size = 1,
                                   .obs = {0.7},
                                   .action = {kAction},
                                   .reward = {kReward},
                                   .next_obs = {-0.4},
                                   .terminated = {terminated ? 1.0 : 0.0},
                                   .target_noise = {kValueNoise},
                                   .policy_noise = {kPolicyNoise}});
  }

  /// The first element of a tensor in `values`, a vector in the parameters' layout.
  double of(const std::vector<double>& values, const std::string& name) const {
    return values[offset(name)];
  }

 private:
  size_t offset(const std::string& name) const {
    for (const NamedTensor& t : named_parameters(config_.shape)) {
      if (t.name == name) return t.offset;
    }
    throw std::logic_error(name);
  }
  void set(const std::string& name, size_t element, double value) {
    state_.parameters[offset(name) + element] = value;
  }

  LearnerConfig config_;
  AgentState state_;
};

TEST(HowItWorks, TheLearnerTakesTheExamplesStep) {
  const std::map<std::string, double> expected = by_hand();
  const Example example;
  const StepResult step = example.step(false);
  EXPECT_NEAR(step.losses.v, expected.at("J_V"), 1e-13);
  EXPECT_NEAR(step.losses.pi, expected.at("J_π"), 1e-13);
  EXPECT_NEAR(step.losses.q1, expected.at("J_Q1"), 1e-13);
  EXPECT_NEAR(step.losses.q2, expected.at("J_Q2"), 1e-13);
  EXPECT_NEAR(example.of(step.gradients, "pi.mean.bias"), expected.at("∂J_π/∂μ"), 1e-13);
  EXPECT_NEAR(example.of(step.gradients, "pi.log_std.bias"), expected.at("∂J_π/∂log σ"), 1e-13);
  // Adam's epsilon, 1e-8, which the table leaves out, shortens its step by 1e-9 at most.
  EXPECT_NEAR(example.of(step.state.parameters, "v.out.bias"),
              expected.at("V(s) after Adam's first step"), 1e-9);
  EXPECT_NEAR(example.of(step.state.parameters, "v_target.out.bias"),
              expected.at("V̄ after the soft update"), 1e-9);

  const double error = kQ2 - expected.at("Q̂ if terminated");
  EXPECT_NEAR(example.step(true).losses.q2, error * error / 2, 1e-13);
}

}  // namespace
}  // namespace sac
