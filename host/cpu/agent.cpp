#include "host/cpu/agent.h"

#include <cmath>

namespace sac {

template <class T>
ForwardCopy<T>::ForwardCopy(const Shape& shape, Network n)
    : layout(network_layout(shape, n)),
      obs(shape.obs),
      w1t(static_cast<size_t>(layout.in + 1) * static_cast<size_t>(layout.hidden)),
      w2t(static_cast<size_t>(layout.hidden) * static_cast<size_t>(layout.hidden)) {}

template <class T>
void ForwardCopy<T>::refresh_first_layer(const Buffer<T>& parameters) {
  const int in = layout.in, hidden = layout.hidden;
  const T* w1 = &parameters[layout.w1];
  for (int i = 0; i < in; ++i) {
    T* row = &w1t[static_cast<size_t>(w1t_row(i) * hidden)];
    for (int j = 0; j < hidden; ++j) row[j] = w1[static_cast<ptrdiff_t>(j) * in + i];
  }
  std::copy_n(&parameters[layout.b1], hidden, &w1t[static_cast<size_t>(obs * hidden)]);
}

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
    copies.emplace_back(shape, network);
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
  return {.obs = shape.obs,
          .act = l.in - shape.obs,
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
  const int h = shape.hidden;
  Transpose<T> transpose(h, h, h, h);
  for (ForwardCopy<T>& copy : copies) {
    copy.refresh_first_layer(parameters);
    transpose.run(&parameters[copy.layout.w2], copy.w2t.data());
  }
}

template <class T>
size_t Agent<T>::bytes() const {
  size_t total = parameters.bytes() + adam_m.bytes() + adam_v.bytes() + replay.bytes();
  for (const Buffer<T>* b : {&batch.obs, &batch.policy_obs, &batch.next_obs, &batch.action,
                             &batch.reward, &batch.terminated, &batch.value_noise,
                             &batch.policy_noise, &batch.value, &batch.value_target}) {
    total += b->bytes();
  }
  for (const NetworkTrace<T>& t : traces) {
    total += t.h1.bytes() + t.h2.bytes() + t.dz1.bytes() + t.dz2.bytes() + t.dy.bytes();
  }
  for (const ForwardCopy<T>& c : copies) total += c.w1t.bytes() + c.w2t.bytes();
  return total;
}

template struct ForwardCopy<float>;
template struct ForwardCopy<double>;
template struct Agent<float>;
template struct Agent<double>;

}  // namespace sac
