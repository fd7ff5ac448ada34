#include "host/cpu/agent.h"

#include <cmath>

namespace sac {

template <class T>
Agent<T>::Agent(const LearnerConfig& c, RandomKey agent_key, int tiles)
    : shape(c.shape),
      key(agent_key),
      parameters(agent_stride(c.shape)),
      adam_m(agent_stride(c.shape)),
      adam_v(agent_stride(c.shape)),
      replay(c.environment < 0 ? 0
                               : static_cast<size_t>(c.replay_capacity) *
                                     static_cast<size_t>(record_layout(c.shape).size)),
      batch(c.batch, c.shape),
      tile_losses(static_cast<size_t>(tiles)) {
  for (int n = 0; n < kNetworks; ++n) {
    const Network network = static_cast<Network>(n);
    copies.emplace_back(network_in(shape, network), shape.hidden);
    if (n < kTrainedNetworks) {
      traces.emplace_back(c.batch, shape.hidden, network_out(shape, network));
    }
  }
  initialise();
}

template <class T>
NetworkWeights<T> Agent<T>::weights(Network n) const {
  const NetworkLayout l = network_layout(shape, n);
  const ForwardCopy<T>& copy = copies[static_cast<size_t>(n)];
  return {.in = l.in,
          .hidden = l.hidden,
          .out = l.out,
          .w1t = copy.w1t.data(),
          .w2 = &parameters[l.w2],
          .w2t = copy.w2t.data(),
          .b2 = &parameters[l.b2],
          .w3 = &parameters[l.w3],
          .b3 = &parameters[l.b3]};
}

template <class T>
void Agent<T>::initialise() {
  parameters.fill(0);
  adam_m.fill(0);
  adam_v.fill(0);
  const auto draw = [&](size_t offset, size_t count, int fan_in) {
    const T bound = T(1) / std::sqrt(static_cast<T>(fan_in));
    for (size_t i = offset; i < offset + count; ++i) {
      const uint32_t word = random_word(key, Purpose::initialise, static_cast<uint32_t>(i), 0);
      parameters[i] = bound * (2 * uniform01<T>(word) - 1);
    }
  };
  for (int n = 0; n < kTrainedNetworks; ++n) {
    const NetworkLayout l = network_layout(shape, static_cast<Network>(n));
    const size_t h = static_cast<size_t>(l.hidden), out = static_cast<size_t>(l.out);
    draw(l.w1, h * static_cast<size_t>(l.in), l.in);
    draw(l.b1, h, l.in);
    draw(l.w2, h * h, l.hidden);
    draw(l.b2, h, l.hidden);
    draw(l.w3, out * h, l.hidden);
    draw(l.b3, out, l.hidden);
  }
  const NetworkLayout v = network_layout(shape, Network::v);
  const NetworkLayout v_target = network_layout(shape, Network::v_target);
  std::copy(&parameters[v.w1], &parameters[v.w1] + (v.end - v.w1), &parameters[v_target.w1]);
  refresh_copies();
}

template <class T>
void Agent<T>::refresh_copies() {
  for (int n = 0; n < kNetworks; ++n) {
    const NetworkLayout l = network_layout(shape, static_cast<Network>(n));
    ForwardCopy<T>& copy = copies[static_cast<size_t>(n)];
    Transpose<T>(l.hidden, l.in, l.in, l.hidden).run(&parameters[l.w1], copy.w1t.data());
    std::copy_n(&parameters[l.b1], l.hidden, &copy.w1t[static_cast<size_t>(l.in * l.hidden)]);
    Transpose<T>(l.hidden, l.hidden, l.hidden, l.hidden)
        .run(&parameters[l.w2], copy.w2t.data());
  }
}

template <class T>
size_t Agent<T>::bytes() const {
  size_t total = parameters.bytes() + adam_m.bytes() + adam_v.bytes() + replay.bytes();
  total += batch.obs.bytes() + batch.obs_action.bytes() + batch.next_obs.bytes() +
           batch.reward.bytes() + batch.terminated.bytes() + batch.value_noise.bytes() +
           batch.policy_noise.bytes();
  for (const NetworkTrace<T>& t : traces) {
    total += t.h1.bytes() + t.h2.bytes() + t.dz1.bytes() + t.dz2.bytes() + t.dy.bytes();
  }
  for (const ForwardCopy<T>& c : copies) total += c.w1t.bytes() + c.w2t.bytes();
  return total;
}

template struct Agent<float>;
template struct Agent<double>;

}  // namespace sac
