#include "host/gradcheck/sampler_check.h"

#include <array>
#include <cmath>

#include "kernels/layout.h"

namespace sac::gradcheck {
namespace {

constexpr float kNoise = 0.5f;
constexpr double kValue = 8;  ///< above log-prob's least, so that the roots below have one sign

struct Sample {
  long double action, log_prob;
};

// a = m tanh(u), and log pi(a) = log N(u; mean, std) - log |da/du| with da/du = m / cosh(u)^2.
Sample sample_by_definition(long double mean, long double log_std, long double m) {
  const long double u = mean + std::exp(log_std) * kNoise;
  const long double log_normal =
      -0.5L * kNoise * kNoise - log_std - 0.5L * std::log(2 * std::acos(-1.0L));
  return {m * std::tanh(u), log_normal - std::log(m) + 2 * std::log(std::cosh(u))};
}

// Networks that read nothing from the observation: pi gives (mean, log_std) for each action, V is
// kValue for each, and all Qs are `slope` times the sum of the actions, through one unit of each
// layer that `shift` keeps positive.
class ReadOut {
 public:
  ReadOut(const LearnerConfig& c, size_t stride) : c_(c), stride_(stride) {}

  AgentState state(double mean, double log_std, double slope) const {
    AgentState s{std::vector<double>(stride_), std::vector<double>(stride_),
                 std::vector<double>(stride_), 0};
    std::vector<double>& p = s.parameters;
    const NetworkLayout pi = network_layout(c_.shape, Network::pi);
    const size_t act = c_.shape.act, obs = c_.shape.obs;
    for (size_t d = 0; d < act; ++d) {
      p[pi.b3 + d] = mean;
      p[pi.b3 + act + d] = log_std;
    }
    const double shift = c_.max_action * static_cast<double>(act) + 1;
    for (int n = 1; n < kNetworks; ++n) {
      const NetworkLayout q = network_layout(c_.shape, static_cast<Network>(n));
      if (!takes_action(c_.shape.algorithm, static_cast<Network>(n))) {
        p[q.b3] = kValue * static_cast<double>(act);
        continue;
      }
      for (size_t d = 0; d < act; ++d) p[q.w1 + obs + d] = 1;
      p[q.b1] = shift;
      p[q.w2] = 1;
      p[q.w3] = slope;
      p[q.b3] = -slope * shift;
    }
    return s;
  }

 private:
  const LearnerConfig& c_;
  size_t stride_;
};

Batch constant_batch(const LearnerConfig& c) {
  const size_t rows = c.batch, obs = rows * c.shape.obs, act = rows * c.shape.act;
  const auto filled = [](size_t size, double value) { return std::vector<double>(size, value); };
  return {.size = c.batch,
          .obs = filled(obs, 0),
          .action = filled(act, 0),
          .reward = filled(rows, static_cast<float>(-c.hyper.gamma * kValue * c.shape.act /
                                                    c.hyper.reward_scale)),
          .next_obs = filled(obs, 0),
          .terminated = filled(rows, 0),
          .target_noise = filled(act, kNoise),
          .policy_noise = filled(act, kNoise)};
}

/// log pi(a) - Q(a) for the action of the regression targets, a~ or a', as a loss tells it: that of
/// V, whose output is kValue, or that of a Q, which is zero itself, with a reward as large.
double of_target_sample(const LearnerConfig& c, double reward, const Losses& losses) {
  if (c.shape.algorithm == Algorithm::sac_v1) return std::sqrt(2 * losses.v) - kValue * c.shape.act;
  return (std::sqrt(2 * losses.q1) + c.hyper.reward_scale * reward) / c.hyper.gamma;
}

}  // namespace

std::vector<Check> check_sampler(const LearnerConfig& c, Learner& learner,
                                 const ErrorModel& model) {
  const ReadOut read_out(c, agent_stride(c.shape));
  const Batch batch = constant_batch(c);
  const double act = c.shape.act;
  const float log_std = static_cast<float>((c.hyper.log_std.low + c.hyper.log_std.high) / 2);
  const std::string target = c.shape.algorithm == Algorithm::sac_v1 ? "eq. 5" : "the next state";
  std::vector<Check> errors = {{"log-prob of " + target + "'s sample", "definition", {}},
                               {"action of " + target + "'s sample", "definition", {}},
                               {"log-prob of eq. 12's sample", "definition", {}},
                               {"action of eq. 12's sample", "definition", {}}};
  for (float mean = -30; mean <= 30; mean += 2.5f) {
    const auto losses = [&](double slope) {
      learner.load(0, read_out.state(mean, log_std, slope));
      return learner.gradient_step(batch).losses;
    };
    // With Q = 0 the losses give the log-prob, with Q = sum of actions what the action takes off.
    const Losses without = losses(0), with = losses(1);
    const double value = of_target_sample(c, batch.reward[0], without);
    const std::array<double, 4> got = {value, value - of_target_sample(c, batch.reward[0], with),
                                       without.pi, without.pi - with.pi};
    const Sample expected = sample_by_definition(mean, log_std, c.max_action);
    // The largest term on the way is 2 |u|, or kValue, or Q's shift, per action. Rows are equal, so
    // their sum rounds the same way again and again: by up to u of each partial sum, B u / 2 of
    // all.
    const double largest = act * (2 * std::abs(mean) + kValue + c.max_action + 4);
    const double allowance =
        model.of_formula(largest) + model.rounding * largest * static_cast<double>(c.batch) / 2;
    for (size_t i = 0; i < got.size(); ++i) {
      const long double one = i % 2 == 0 ? expected.log_prob : expected.action;
      const double error = larger_error(0, got[i] - static_cast<double>(act * one));
      // The action passes through a product as one operand, Q's shift and itself.
      const double operand = i % 2 == 0 ? 0 : model.operands * (2 * c.max_action * act + 1);
      errors[i].worst.keep_worse({error, allowance + operand});
    }
  }
  return errors;
}

}  // namespace sac::gradcheck
