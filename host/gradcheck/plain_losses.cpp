#include "host/gradcheck/plain_losses.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "host/base/named_losses.h"

namespace sac::gradcheck {
namespace {

using Vector = std::vector<double>;

struct PolicySample {
  Vector action;
  double log_prob = 0;
};

// Also keeps an eye on how close it came to a point where something is not smooth.
class PlainNetworks {
 public:
  PlainNetworks(const Shape& shape, const Hyperparameters& hyper, double max_action,
                const Vector& parameters)
      : shape_(shape), hyper_(hyper), max_action_(max_action), parameters_(parameters) {}

  double v(Network n, const Vector& s) { return mlp(n, s)[0]; }

  double q(Network n, const Vector& s, const Vector& a) {
    Vector input = s;
    input.insert(input.end(), a.begin(), a.end());
    return mlp(n, input)[0];
  }

  double min_q(Network one, Network other, const Vector& s, const Vector& a) {
    const double first = q(one, s, a), second = q(other, s, a);
    pass_kink(first - second);
    return std::min(first, second);
  }

  double log_alpha() const {
    return shape_.algorithm == Algorithm::sac_v1 ? 0 : parameters_[log_alpha_offset(shape_)];
  }

  /// The smallest argument so far of a ReLU, a clamp (from either end) or a minimum.
  double distance_to_kink() const { return distance_to_kink_; }

  /// log(1 - tanh(u)^2) is written as 2 (log 2 - u - log(1 + exp(-2u))).
  PolicySample policy(const Vector& s, const Vector& noise) {
    const Vector heads = mlp(Network::pi, s);
    const size_t act = noise.size();
    PolicySample sample;
    for (size_t d = 0; d < act; ++d) {
      pass_kink(heads[act + d] - hyper_.log_std.low);
      pass_kink(heads[act + d] - hyper_.log_std.high);
      const double log_std = std::clamp(heads[act + d], hyper_.log_std.low, hyper_.log_std.high);
      const double u = heads[d] + std::exp(log_std) * noise[d];
      const double log_one_plus_exp =
          u > 0 ? std::log1p(std::exp(-2 * u)) : -2 * u + std::log1p(std::exp(2 * u));
      sample.action.push_back(max_action_ * std::tanh(u));
      sample.log_prob += -0.5 * noise[d] * noise[d] - log_std - 0.5 * std::log(2 * M_PI) -
                         2 * (std::log(2.0) - u - log_one_plus_exp) - std::log(max_action_);
    }
    return sample;
  }

 private:
  void pass_kink(double x) { distance_to_kink_ = std::min(distance_to_kink_, std::abs(x)); }

  Vector layer(size_t weight, size_t bias, int out, const Vector& x, bool relu) {
    Vector y(static_cast<size_t>(out));
    for (size_t o = 0; o < y.size(); ++o) {
      double z = parameters_[bias + o];
      for (size_t i = 0; i < x.size(); ++i) z += parameters_[weight + o * x.size() + i] * x[i];
      if (relu) pass_kink(z);
      y[o] = relu ? std::max(0.0, z) : z;
    }
    return y;
  }

  Vector mlp(Network n, const Vector& x) {
    const NetworkLayout l = network_layout(shape_, n);
    const Vector h1 = layer(l.w1, l.b1, l.hidden, x, true);
    const Vector h2 = layer(l.w2, l.b2, l.hidden, h1, true);
    return layer(l.w3, l.b3, l.out, h2, false);
  }

  Shape shape_;
  Hyperparameters hyper_;
  double max_action_;
  const Vector& parameters_;
  double distance_to_kink_ = std::numeric_limits<double>::infinity();
};

Vector row(const Vector& matrix, int index, int width) {
  const auto begin = matrix.begin() + static_cast<ptrdiff_t>(index) * width;
  return {begin, begin + width};
}

double half_square(double x) {
  return 0.5 * x * x;
}

/// What eq. 7 takes for the value of s'.
double next_value(PlainNetworks& net, const Shape& shape, const Batch& batch, int b) {
  const Vector next = row(batch.next_obs, b, shape.obs);
  if (shape.algorithm == Algorithm::sac_v1) return net.v(Network::v_target, next);
  const PolicySample sample = net.policy(next, row(batch.target_noise, b, shape.act));
  return net.min_q(Network::q1_target, Network::q2_target, next, sample.action) -
         std::exp(net.log_alpha()) * sample.log_prob;
}

/// One row's term of a network's loss; everything else is a constant to it.
double row_loss(Network n, PlainNetworks& net, const Shape& shape, const Hyperparameters& hyper,
                const Batch& batch, int b) {
  const Vector s = row(batch.obs, b, shape.obs);
  const size_t i = static_cast<size_t>(b);
  if (is_target(shape.algorithm, n)) throw std::invalid_argument("a target has no loss");
  const auto min_q = [&](const Vector& a) { return net.min_q(Network::q1, Network::q2, s, a); };
  if (n == Network::v) {  // eq. 5
    const PolicySample sample = net.policy(s, row(batch.target_noise, b, shape.act));
    return half_square(net.v(n, s) - (min_q(sample.action) - sample.log_prob));
  }
  if (n == Network::q1 || n == Network::q2) {  // eq. 7
    const double target =
        hyper.reward_scale * batch.reward[i] +
        hyper.gamma * (1 - batch.terminated[i]) * next_value(net, shape, batch, b);
    return half_square(net.q(n, s, row(batch.action, b, shape.act)) - target);
  }
  const PolicySample sample = net.policy(s, row(batch.policy_noise, b, shape.act));
  if (n == Network::pi) {  // eq. 12
    return std::exp(net.log_alpha()) * sample.log_prob - min_q(sample.action);
  }
  return -net.log_alpha() * (sample.log_prob + hyper.target_entropy);
}

}  // namespace

double plain_loss(Network network, const Shape& shape, const Hyperparameters& hyper,
                  double max_action, const std::vector<double>& parameters, const Batch& batch) {
  PlainNetworks net(shape, hyper, max_action, parameters);
  double sum = 0;
  for (int b = 0; b < batch.size; ++b) sum += row_loss(network, net, shape, hyper, batch, b);
  return sum / batch.size;
}

Losses plain_losses(const Shape& shape, const Hyperparameters& hyper, double max_action,
                    const std::vector<double>& parameters, const Batch& batch) {
  Losses losses;
  for (const NamedLoss& loss : named_losses(shape.algorithm)) {
    losses.*loss.value = plain_loss(loss.network, shape, hyper, max_action, parameters, batch);
  }
  return losses;
}

double distance_to_kink(const Shape& shape, const Hyperparameters& hyper, double max_action,
                        const std::vector<double>& parameters, const Batch& batch, int row) {
  PlainNetworks net(shape, hyper, max_action, parameters);
  for (const NamedLoss& loss : named_losses(shape.algorithm)) {
    row_loss(loss.network, net, shape, hyper, batch, row);
  }
  return net.distance_to_kink();
}

}  // namespace sac::gradcheck
