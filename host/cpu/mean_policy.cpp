#include "host/cpu/mean_policy.h"

#include <algorithm>

#include "host/cpu/gemm.h"
#include "host/cpu/policy_rows.h"

namespace sac::cpu {

struct MeanPolicy::Network {
  Network(const LearnerConfig& c, const std::vector<double>& values, int rows)
      : shape(c.shape),
        constants(c),
        parameters(agent_stride(c.shape)),
        copies(c.shape, sac::Network::pi),
        policy(rows, c.shape) {
    parameters.fill(0);
    std::ranges::copy(values, parameters.data());
    copies.refresh(parameters);
  }

  Shape shape;
  StepConstants<float> constants;
  Buffer<float> parameters;
  WeightCopies<Float32> copies;
  PolicyRows<Float32> policy;
};

MeanPolicy::MeanPolicy(const Shape& shape, double max_action, const std::vector<double>& parameters,
                       int rows) {
  keep_products_on_one_thread();
  LearnerConfig config;
  config.shape = shape;
  config.max_action = max_action;
  network_ = std::make_unique<Network>(config, parameters, rows);
}

MeanPolicy::~MeanPolicy() = default;

std::span<const float> MeanPolicy::act(std::span<const float> obs) {
  PolicyRows<Float32>& policy = network_->policy;
  const Shape& s = network_->shape;
  for (int row = 0; row < policy.rows(); ++row) {
    std::ranges::copy(obs.subspan(static_cast<size_t>(row) * s.obs, s.obs),
                      policy.obs() + row * (s.obs + 1));
  }
  policy.exploit(network_->copies.weights(network_->parameters), network_->constants);
  return {policy.action(), static_cast<size_t>(policy.rows()) * s.act};
}

}  // namespace sac::cpu
