// Initial parameters: PyTorch's default for linear layers. T is float or double.
#pragma once

#include <cmath>

#include "kernels/layout.h"
#include "kernels/random.h"

namespace sac {

/// The initial value of the element at `offset` of an agent's parameter vector: weights and biases
/// uniform within 1 / sqrt(inputs of the layer), zero between the tensors and behind the last. A
/// target's is that of its network's element at the same place. `networks` are the layouts of all
/// five.
template <class T>
SAC_HD T initial_parameter(const Shape& shape, const NetworkLayout (&networks)[kNetworks],
                           RandomKey key, size_t offset) {
  if (offset >= networks[kNetworks - 1].end) return 0;
  if (offset >= networks[trained_networks(shape.algorithm)].w1) offset -= target_distance(shape);
  int n = 0;
  while (offset >= networks[n].end) ++n;
  const NetworkLayout& l = networks[n];
  const size_t in = l.in, hidden = l.hidden, out = l.out;
  const auto within = [offset](size_t begin, size_t count) {
    return offset >= begin && offset < begin + count;
  };
  const bool first_layer = within(l.w1, hidden * in) || within(l.b1, hidden);
  const bool later_layer = within(l.w2, hidden * hidden) || within(l.b2, hidden) ||
                           within(l.w3, out * hidden) || within(l.b3, out);
  if (!first_layer && !later_layer) return 0;
  using std::sqrt;
  const T bound = T(1) / sqrt(static_cast<T>(first_layer ? l.in : l.hidden));
  const uint32_t word = random_word(key, Purpose::initialise, static_cast<uint32_t>(offset), 0);
  return bound * (2 * uniform01<T>(word) - 1);
}

}  // namespace sac
