#include "host/gradcheck/plain_update.h"

#include <cmath>

#include "host/base/named_parameters.h"

namespace sac::gradcheck {
namespace {

double learning_rate(const Hyperparameters& hyper, Network network) {
  switch (network) {
    case Network::pi:
      return hyper.policy_lr;
    case Network::v:
      return hyper.value_lr;
    case Network::log_alpha:
      return hyper.alpha_lr;
    default:
      return hyper.q_lr;
  }
}

}  // namespace

double adam_step(const Hyperparameters& hyper, Network network, int64_t updates, double m,
                 double v) {
  const double step = static_cast<double>(updates);
  const double m_hat = m / (1 - std::pow(hyper.beta1, step));
  const double v_hat = v / (1 - std::pow(hyper.beta2, step));
  return learning_rate(hyper, network) * m_hat / (std::sqrt(v_hat) + hyper.adam_eps);
}

AgentState plain_update(const Shape& shape, const Hyperparameters& hyper, const AgentState& before,
                        const std::vector<double>& gradients) {
  AgentState after = before;
  ++after.updates;
  for (const NamedTensor& tensor : named_parameters(shape)) {
    for (size_t i = tensor.offset; i < tensor.offset + tensor.size(); ++i) {
      double& p = after.parameters[i];
      if (is_target(shape.algorithm, tensor.network)) {  // comes last: what it follows is new
        p = hyper.tau * after.parameters[i - target_distance(shape)] + (1 - hyper.tau) * p;
        continue;
      }
      double &m = after.adam_m[i], &v = after.adam_v[i];
      m = hyper.beta1 * m + (1 - hyper.beta1) * gradients[i];
      v = hyper.beta2 * v + (1 - hyper.beta2) * gradients[i] * gradients[i];
      p -= adam_step(hyper, tensor.network, after.updates, m, v);
    }
  }
  return after;
}

}  // namespace sac::gradcheck
