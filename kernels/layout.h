// Sizes and offsets of everything that host and device share: networks, parameters, replay records.
//
// One agent's parameters are one vector: five networks, each the six tensors w1 [H, in], b1 [H],
// w2 [H, H], b2 [H], w3 [out, H], b3 [out], row-major ("[out][in]", PyTorch's shapes). The policy's
// two heads are one tensor: rows 0..A-1 of w3 are the means, rows A..2A-1 the log-stds. Every
// tensor starts on a 64-byte boundary (16 floats). Gradients and Adam's moments use the same
// offsets. P agents lie one after another, `agent_stride` elements apart.
//
// SAC has the networks pi, q1, q2, v, v_target (arXiv 1801.01290); its later form pi, q1, q2,
// q1_target, q2_target, and behind them the logarithm of its temperature (arXiv 1812.05905).
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/host_device.h"

namespace sac {

enum class Algorithm : int {
  sac_v1,  ///< with a state-value network
  sac_v2,  ///< with target copies of both Q networks and a learned temperature
};

/// The networks in the order of the parameter vector. The last two depend on the algorithm.
enum class Network : int {
  pi,
  q1,
  q2,
  v,
  v_target,
  q1_target = v,
  q2_target = v_target,
  log_alpha,  ///< no network: one element behind them, learned as they are; sac_v2 alone
};
inline constexpr int kNetworks = 5;
inline constexpr int kMostTrained = 4;  ///< networks; see trained_networks

/// Networks with a loss of their own. They come first; the others follow one of them.
SAC_HD constexpr int trained_networks(Algorithm a) {
  return a == Algorithm::sac_v1 ? 4 : 3;
}

/// What learns by a loss of its own, one more than networks in sac_v2: pi, q1, q2, and v or
/// log_alpha. Its place in arrays of these.
inline constexpr int kLosses = 4;
SAC_HD constexpr int loss_index(Network n) {
  return n == Network::log_alpha ? kLosses - 1 : static_cast<int>(n);
}

/// Has the network a copy that follows it?
SAC_HD constexpr bool has_target(Algorithm a, Network n) {
  return a == Algorithm::sac_v1 ? n == Network::v : n == Network::q1 || n == Network::q2;
}

/// Is it such a copy?
SAC_HD constexpr bool is_target(Algorithm a, Network n) {
  return n != Network::log_alpha && static_cast<int>(n) >= trained_networks(a);
}

/// The copy of a network that has one.
SAC_HD constexpr Network target_of(Algorithm a, Network n) {
  if (a == Algorithm::sac_v1) return Network::v_target;
  return n == Network::q1 ? Network::q1_target : Network::q2_target;
}

/// Does the network take an action beside the observation?
SAC_HD constexpr bool takes_action(Algorithm a, Network n) {
  return n == Network::q1 || n == Network::q2 || (a == Algorithm::sac_v2 && is_target(a, n));
}

/// The sizes that everything else follows from.
struct Shape {
  int obs = 0;     ///< observation dimension O, 1..16
  int act = 0;     ///< action dimension A, 1..4
  int hidden = 0;  ///< width H of both hidden layers
  Algorithm algorithm = Algorithm::sac_v1;
};
inline constexpr int kMaxObs = 16;
inline constexpr int kMaxAct = 4;

/// Elements rounded up so that the next tensor starts on a 64-byte boundary.
SAC_HD constexpr size_t aligned(size_t elements) {
  return (elements + 15) / 16 * 16;
}

/// Where one network's tensors lie in the agent's parameter vector.
struct NetworkLayout {
  int in = 0, hidden = 0, out = 0;
  size_t w1 = 0, b1 = 0, w2 = 0, b2 = 0, w3 = 0, b3 = 0;  ///< offsets of the first element
  size_t end = 0;                                         ///< one past the last, aligned
};

/// Input width: obs for pi, v and v_target; obs and action, concatenated, for the Q networks.
SAC_HD constexpr int network_in(const Shape& s, Network n) {
  return takes_action(s.algorithm, n) ? s.obs + s.act : s.obs;
}

/// Output width: mean and log-std per action for pi, one value for the others.
SAC_HD constexpr int network_out(const Shape& s, Network n) {
  return n == Network::pi ? 2 * s.act : 1;
}

/// The tensors of network n. A network's offsets depend only on the shape.
SAC_HD constexpr NetworkLayout network_layout(const Shape& s, Network n) {
  NetworkLayout layout;
  const size_t h = s.hidden;
  for (int i = 0; i <= static_cast<int>(n); ++i) {
    const Network network = static_cast<Network>(i);
    layout.in = network_in(s, network);
    layout.hidden = s.hidden;
    layout.out = network_out(s, network);
    layout.w1 = layout.end;
    layout.b1 = layout.w1 + aligned(h * layout.in);
    layout.w2 = layout.b1 + aligned(h);
    layout.b2 = layout.w2 + aligned(h * h);
    layout.w3 = layout.b2 + aligned(h);
    layout.b3 = layout.w3 + aligned(h * layout.out);
    layout.end = layout.b3 + aligned(layout.out);
  }
  return layout;
}

/// Where sac_v2's log_alpha lies: behind the last network.
SAC_HD constexpr size_t log_alpha_offset(const Shape& s) {
  return network_layout(s, static_cast<Network>(kNetworks - 1)).end;
}

/// Elements of one agent's parameter vector, targets included.
SAC_HD constexpr size_t agent_stride(const Shape& s) {
  return log_alpha_offset(s) + (s.algorithm == Algorithm::sac_v1 ? 0 : aligned(1));
}

/// Elements from a parameter of a network that has a target to its copy.
SAC_HD constexpr size_t target_distance(const Shape& s) {
  const Network n = s.algorithm == Algorithm::sac_v1 ? Network::v : Network::q1;
  return network_layout(s, target_of(s.algorithm, n)).w1 - network_layout(s, n).w1;
}

/// One transition in the replay buffer: a row of floats, a multiple of 64 bytes long.
/// obs [O], action [A] in environment units, reward, terminated (0 or 1), next_obs [O] before any
/// reset. `truncated` is not stored: a cut episode's next state keeps its value.
struct RecordLayout {
  int action, reward, terminated, next_obs;  ///< offsets in floats; obs is at 0
  int size;                                  ///< floats per record, padding included
};

SAC_HD constexpr RecordLayout record_layout(const Shape& s) {
  RecordLayout r{};
  r.action = s.obs;
  r.reward = r.action + s.act;
  r.terminated = r.reward + 1;
  r.next_obs = r.terminated + 1;
  r.size = static_cast<int>(aligned(r.next_obs + s.obs));
  return r;
}

/// Ring arithmetic of the replay: vector step t writes slots (t * envs + e) mod capacity.
SAC_HD constexpr uint64_t replay_slot(uint64_t vector_step, uint64_t envs, uint64_t env,
                                      uint64_t capacity) {
  return (vector_step * envs + env) % capacity;
}

/// Transitions held after `vector_steps` steps of `envs` environments.
SAC_HD constexpr uint64_t replay_size(uint64_t vector_steps, uint64_t envs, uint64_t capacity) {
  const uint64_t written = vector_steps * envs;
  return written < capacity ? written : capacity;
}

}  // namespace sac
