#include "host/base/named_parameters.h"

#include <functional>
#include <numeric>

namespace sac {

size_t NamedTensor::size() const {
  return std::accumulate(shape.begin(), shape.end(), size_t{1}, std::multiplies<>());
}

const char* network_name(Algorithm algorithm, Network network) {
  static constexpr const char* kV1[] = {"pi", "q1", "q2", "v", "v_target"};
  static constexpr const char* kV2[] = {"pi", "q1", "q2", "q1_target", "q2_target", "log_alpha"};
  const auto n = static_cast<size_t>(network);
  return algorithm == Algorithm::sac_v1 ? kV1[n] : kV2[n];
}

std::vector<NamedTensor> named_parameters(const Shape& s) {
  std::vector<NamedTensor> tensors;
  const size_t h = s.hidden;
  const size_t act = s.act;
  for (int n = 0; n < kNetworks; ++n) {
    const Network network = static_cast<Network>(n);
    const NetworkLayout layout = network_layout(s, network);
    const std::string prefix = std::string(network_name(s.algorithm, network)) + '.';
    const auto add = [&](const char* name, size_t offset, std::vector<size_t> shape) {
      tensors.push_back({prefix + name, network, offset, std::move(shape)});
    };
    add("layers.0.weight", layout.w1, {h, static_cast<size_t>(layout.in)});
    add("layers.0.bias", layout.b1, {h});
    add("layers.1.weight", layout.w2, {h, h});
    add("layers.1.bias", layout.b2, {h});
    if (network == Network::pi) {
      add("mean.weight", layout.w3, {act, h});
      add("mean.bias", layout.b3, {act});
      add("log_std.weight", layout.w3 + act * h, {act, h});
      add("log_std.bias", layout.b3 + act, {act});
    } else {
      add("out.weight", layout.w3, {1, h});
      add("out.bias", layout.b3, {1});
    }
  }
  if (s.algorithm == Algorithm::sac_v2) {
    tensors.push_back({network_name(s.algorithm, Network::log_alpha),
                       Network::log_alpha,
                       log_alpha_offset(s),
                       {1}});
  }
  return tensors;
}

}  // namespace sac
