// Networks and a batch whose every ReLU and minimum is decided by a wide margin, so that rounding
// cannot decide otherwise: what is left of a difference between precisions is smooth, and small.
//
// The first observation is a sign s, -1 or 1. A hidden unit has a sign of its own and is open in
// the rows that share it: first-layer unit i by a large weight on s, second-layer unit j by a
// common part of its weights, which adds up over the open units below. Q1 and Q2 lean to s and -s.
#pragma once

#include <cmath>

#include "host/learner.h"
#include "tests/random_batch.h"

namespace sac {

/// +1 or -1, as good as random.
inline double sign_of(size_t i) {
  return (i * 2654435761u >> 15) % 2 == 0 ? 1 : -1;
}

/// Turns fresh parameters into decided ones, exact in float.
inline void decide(const Shape& shape, std::vector<double>& p) {
  const size_t hidden = static_cast<size_t>(shape.hidden);
  for (int n = 0; n < kNetworks; ++n) {
    const NetworkLayout l = network_layout(shape, static_cast<Network>(n));
    const size_t in = static_cast<size_t>(l.in), out = static_cast<size_t>(l.out);
    const double lean = n == static_cast<int>(Network::q1)   ? 1
                        : n == static_cast<int>(Network::q2) ? -1
                                                             : 0;
    const auto set = [&p](size_t at, double value) { p[at] = static_cast<float>(value); };
    for (size_t i = 0; i < hidden; ++i) {
      for (size_t k = 0; k < in; ++k) {
        const size_t at = l.w1 + i * in + k;
        set(at, k == 0 ? 4 * sign_of(i) : p[at] / 2);
      }
      for (size_t k = 0; k < hidden; ++k) {
        const size_t at = l.w2 + i * hidden + k;
        set(at, p[at] / 2 + sign_of(i) * sign_of(k) * 4 / shape.hidden);
      }
      for (size_t o = 0; o < out; ++o) {
        const size_t at = l.w3 + o * hidden + i;
        set(at, p[at] / 10 + lean * sign_of(i) / shape.hidden);
      }
    }
  }
}

/// A batch whose first observations are signs, the others small.
inline Batch decided_batch(const LearnerConfig& c, uint64_t seed) {
  Batch batch = random_batch(c, seed);
  const size_t obs = static_cast<size_t>(c.shape.obs);
  for (std::vector<double>* values : {&batch.obs, &batch.next_obs}) {
    for (size_t i = 0; i < values->size(); ++i) {
      double& x = (*values)[i];
      x = i % obs == 0 ? std::copysign(1.0, x) : static_cast<float>(x / 4);
    }
  }
  return batch;
}

}  // namespace sac
