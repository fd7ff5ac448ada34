#include "host/cpu/agent.h"

#include "kernels/sac/initial_parameter.h"

namespace sac::cpu {

template <class Arithmetic>
ThinGradient<typename Arithmetic::Real> NetworkScratch<Arithmetic>::sum_of_tiles() {
  const size_t size = ThinGradient<T>::size(layout_);
  for (int64_t tile = 1; tile < tiles_.count(); ++tile) {
    const T* from = thin_.data() + tile * thin_stride();
    for (size_t i = 0; i < size; ++i) thin_[i] += from[i];
  }
  return {thin_.data(), layout_};
}

template <class Arithmetic>
WeightCopies<Arithmetic>::WeightCopies(const Shape& shape, Network n)
    : layout_(network_layout(shape, n)),
      obs_(shape.obs),
      w1t_(static_cast<size_t>(layout_.in + 1) * layout_.hidden),
      w2_(kRounds<Arithmetic> ? static_cast<size_t>(layout_.hidden) * layout_.hidden : 0),
      w2t_(static_cast<size_t>(layout_.hidden) * layout_.hidden) {}

template <class Arithmetic>
NetworkWeights<Arithmetic> WeightCopies<Arithmetic>::weights(const Buffer<T>& parameters) const {
  const Operand* w2 = w2_.data();
  if constexpr (!kRounds<Arithmetic>) w2 = &parameters[layout_.w2];
  return {.obs = obs_,
          .act = layout_.in - obs_,
          .hidden = layout_.hidden,
          .out = layout_.out,
          .w1t = w1t_.data(),
          .w2 = w2,
          .w2t = w2t_.data(),
          .b2 = &parameters[layout_.b2],
          .w3 = &parameters[layout_.w3],
          .b3 = &parameters[layout_.b3]};
}

template <class Arithmetic>
void WeightCopies<Arithmetic>::refresh(const Buffer<T>& parameters) {
  const int h = layout_.hidden;
  Transpose<Operand> transpose(h, h, h, h);
  refresh_first_layer(parameters);
  refresh_w2(parameters, 0, h, transpose);
}

template <class Arithmetic>
void WeightCopies<Arithmetic>::refresh_first_layer(const Buffer<T>& parameters) {
  const int in = layout_.in, hidden = layout_.hidden;
  const T* w1 = &parameters[layout_.w1];
  for (int i = 0; i < in; ++i) {
    T* row = &w1t_[w1t_row(i) * hidden];
    for (int j = 0; j < hidden; ++j) row[j] = w1[static_cast<ptrdiff_t>(j) * in + i];
  }
  std::copy_n(&parameters[layout_.b1], hidden, &w1t_[obs_ * hidden]);
}

template <class Arithmetic>
void WeightCopies<Arithmetic>::refresh_w2(const Buffer<T>& parameters, int row0, int rows,
                                          Transpose<Operand>& transpose) {
  const size_t hidden = layout_.hidden;
  const size_t begin = row0 * hidden;
  if constexpr (kRounds<Arithmetic>) {
    round_all<Arithmetic>(&parameters[layout_.w2 + begin], rows * hidden, &w2_[begin]);
  }
  transpose.run(weights(parameters).w2 + begin, &w2t_[row0]);
}

template <class Arithmetic>
Agent<Arithmetic>::Agent(const LearnerConfig& c, RandomKey agent_key, ranks::Part tiles)
    : shape(c.shape),
      key(agent_key),
      hyper(c.hyper),
      constants(c),
      parameters(agent_stride(c.shape)),
      adam_m(agent_stride(c.shape)),
      adam_v(agent_stride(c.shape)),
      gradients(agent_stride(c.shape)),
      replay(c.environment < 0 ? 0 : c.replay_capacity * record_layout(c.shape).size),
      batch(c.batch, c.shape),
      tile_losses(tiles.count()) {
  for (int n = 0; n < kNetworks; ++n) {
    const Network network = static_cast<Network>(n);
    copies.emplace_back(shape, network);
    if (n < trained_networks(shape.algorithm)) {
      network_scratch.emplace_back(c.batch, tiles, network_layout(shape, network));
    }
  }
  initialise(c.alpha);
}

template <class Arithmetic>
void Agent<Arithmetic>::initialise(double initial_alpha) {
  adam_m.fill(0);
  adam_v.fill(0);
  gradients.fill(0);
  NetworkLayout networks[kNetworks];
  for (int n = 0; n < kNetworks; ++n) {
    networks[n] = network_layout(shape, static_cast<Network>(n));
  }
  for (size_t i = 0; i < parameters.size(); ++i) {
    parameters[i] = initial_parameter<T>(shape, networks, key, i);
  }
  if (shape.algorithm == Algorithm::sac_v2) {
    parameters[log_alpha_offset(shape)] = static_cast<T>(std::log(initial_alpha));
  }
  refresh_copies();
}

template <class Arithmetic>
void Agent<Arithmetic>::refresh_copies() {
  for (WeightCopies<Arithmetic>& copy : copies) copy.refresh(parameters);
}

template <class Arithmetic>
size_t Agent<Arithmetic>::bytes() const {
  size_t total = parameters.bytes() + adam_m.bytes() + adam_v.bytes() + gradients.bytes();
  total += replay.bytes() + batch.bytes();
  for (const NetworkScratch<Arithmetic>& t : network_scratch) total += t.bytes();
  for (const WeightCopies<Arithmetic>& c : copies) total += c.bytes();
  return total;
}

template class NetworkScratch<Float64>;
template class NetworkScratch<Float32>;
template class NetworkScratch<Bf16>;
template class NetworkScratch<Bf16InFloat>;
template class WeightCopies<Float64>;
template class WeightCopies<Float32>;
template class WeightCopies<Bf16>;
template class WeightCopies<Bf16InFloat>;
template struct Agent<Float64>;
template struct Agent<Float32>;
template struct Agent<Bf16>;
template struct Agent<Bf16InFloat>;

}  // namespace sac::cpu
