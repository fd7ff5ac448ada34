// The memory of one agent of the CPU learner: parameters, moments, replay, and the buffers that
// carry a gradient step from wave 1 to wave 2. Everything is allocated once.
#pragma once

#include <array>

#include "host/cpu/buffer.h"
#include "host/cpu/mlp.h"
#include "host/learner.h"
#include "kernels/random.h"

namespace sac {

/// What wave 2 needs of one trained network, all rows of the batch.
template <class T>
struct NetworkTrace {
  NetworkTrace(int batch, int hidden, int out)
      : h1(size_of(batch, hidden)),
        h2(size_of(batch, hidden)),
        dz1(size_of(batch, hidden)),
        dz2(size_of(batch, hidden)),
        dy(size_of(batch, out)) {}

  Buffer<T> h1, h2;    ///< [B, H] activations
  Buffer<T> dz1, dz2;  ///< [B, H] gradients of the pre-activations
  Buffer<T> dy;        ///< [B, out] gradient of the output

 private:
  static size_t size_of(int rows, int cols) {
    return static_cast<size_t>(rows) * static_cast<size_t>(cols);
  }
};

/// A batch as wave 1 reads it. Observations carry a trailing 1 (see mlp.h).
template <class T>
struct BatchBuffers {
  BatchBuffers(int batch, const Shape& s)
      : obs(static_cast<size_t>(batch) * static_cast<size_t>(s.obs + 1)),
        policy_obs(obs.size()),
        next_obs(obs.size()),
        action(static_cast<size_t>(batch * s.act)),
        reward(static_cast<size_t>(batch)),
        terminated(static_cast<size_t>(batch)),
        value_noise(static_cast<size_t>(batch * s.act)),
        policy_noise(static_cast<size_t>(batch * s.act)),
        value(static_cast<size_t>(batch)),
        value_target(static_cast<size_t>(batch)) {}

  // The two roles of wave 1 run side by side, so each fills its own copy of the observations.
  Buffer<T> obs, policy_obs, next_obs;  ///< [B, O + 1]
  Buffer<T> action;                     ///< [B, A], as it was taken
  Buffer<T> reward, terminated;         ///< [B]
  Buffer<T> value_noise, policy_noise;  ///< [B, A]
  Buffer<T> value, value_target;        ///< [B], V(s) and the bracket of eq. 5
};

/// One network's transposed copies, which the forward pass reads.
template <class T>
struct ForwardCopy {
  ForwardCopy(const Shape& shape, Network n);

  /// Row of w1t that holds input column i: the bias stands between observation and action.
  int w1t_row(int i) const { return i < obs ? i : i + 1; }
  /// Writes w1t from the agent's parameter vector.
  void refresh_first_layer(const Buffer<T>& parameters);

  NetworkLayout layout;
  int obs;
  Buffer<T> w1t;  ///< [in + 1, H], rows in the order of mlp.h
  Buffer<T> w2t;  ///< [H, H]
};

template <class T>
struct Agent {
  Agent(const LearnerConfig& config, RandomKey agent_key, int tiles);

  NetworkWeights<T> weights(Network n) const;
  NetworkTrace<T>& trace(Network n) { return traces[static_cast<size_t>(n)]; }

  /// PyTorch's default for linear layers: weights and biases U(-1/sqrt(in), 1/sqrt(in)).
  void initialise();
  /// Brings all transposed copies up to date with the parameters.
  void refresh_copies();

  size_t bytes() const;

  Shape shape;
  RandomKey key;
  Buffer<T> parameters, adam_m, adam_v;  ///< layout of kernels/layout.h
  Buffer<T> replay;                      ///< [capacity, record_layout(shape).size]
  BatchBuffers<T> batch;
  std::vector<NetworkTrace<T>> traces;  ///< pi, q1, q2, v
  std::vector<ForwardCopy<T>> copies;   ///< all five networks
  std::vector<Losses> tile_losses;      ///< sums over each tile's rows
  double value_loss = 0;                ///< sum of eq. 5 over the batch
  Losses losses;                        ///< means over the batch of the latest step
};

extern template struct ForwardCopy<float>;
extern template struct ForwardCopy<double>;
extern template struct Agent<float>;
extern template struct Agent<double>;

}  // namespace sac
