#include "host/export/exported_policy.h"

namespace sac::exporting {
namespace {

std::vector<float> floats(const std::vector<double>& parameters, size_t offset, size_t count) {
  const auto first = parameters.begin() + static_cast<std::ptrdiff_t>(offset);
  return {first, first + static_cast<std::ptrdiff_t>(count)};
}

}  // namespace

ExportedPolicy exported_policy(const files::Policy& policy, const env::EnvironmentInfo& task) {
  const NetworkLayout l = network_layout(policy.shape, Network::pi);
  const auto layer = [&](int in, int out, size_t weight, size_t bias) {
    const size_t elements = static_cast<size_t>(in) * out;
    return DenseLayer{in, out, floats(policy.parameters, weight, elements),
                      floats(policy.parameters, bias, out)};
  };
  // The head's first rows are the means; those of log sigma follow.
  return {task,
          {layer(l.in, l.hidden, l.w1, l.b1), layer(l.hidden, l.hidden, l.w2, l.b2),
           layer(l.hidden, policy.shape.act, l.w3, l.b3)}};
}

}  // namespace sac::exporting
