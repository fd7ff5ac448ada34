#include "host/gradcheck/decided_networks.h"

#include <cstdint>

namespace sac::gradcheck {
namespace {

/// A hidden unit's own: +1 or -1, as good as random.
double sign_of(size_t unit) {
  return (static_cast<uint32_t>(unit) * 2654435761u >> 15) % 2 == 0 ? 1 : -1;
}

/// Which way a network's output leans with the first observation: the Qs apart, and so their
/// targets.
double lean_of(Algorithm a, Network n) {
  if (!takes_action(a, n)) return 0;
  return n == Network::q1 || n == Network::q1_target ? 1 : -1;
}

void decide_network(const Shape& shape, Network n, std::vector<double>& p) {
  constexpr double kLead = 4;  // several times what the other weights of a unit add up to
  constexpr double kShrink = 10, kLogStdShrink = 100;
  const NetworkLayout l = network_layout(shape, n);
  const size_t hidden = l.hidden, in = l.in, out = l.out, act = shape.act;
  const auto set = [&p](size_t at, double value) { p[at] = static_cast<float>(value); };
  for (size_t j = 0; j < hidden; ++j) {
    for (size_t k = 0; k < in; ++k) {
      const size_t at = l.w1 + j * in + k;
      set(at, k == 0 ? kLead * sign_of(j) : p[at] / 2);
    }
    for (size_t i = 0; i < hidden; ++i) {
      const size_t at = l.w2 + j * hidden + i;
      set(at, p[at] / 2 + kLead * sign_of(j) * sign_of(i) / shape.hidden);
    }
    for (size_t o = 0; o < out; ++o) {
      const size_t at = l.w3 + o * hidden + j;
      const bool log_std = n == Network::pi && o >= act;
      set(at, p[at] / (log_std ? kLogStdShrink : kShrink) +
                  lean_of(shape.algorithm, n) * sign_of(j) / shape.hidden);
    }
  }
  if (n == Network::pi) {
    for (size_t o = act; o < out; ++o) {
      set(l.b3 + o, 0);
    }
  }
}

}  // namespace

void decide_networks(const Shape& shape, std::vector<double>& parameters) {
  for (int n = 0; n < kNetworks; ++n) decide_network(shape, static_cast<Network>(n), parameters);
}

}  // namespace sac::gradcheck
