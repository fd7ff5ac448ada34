// The memory of one agent of the CPU learner: hyperparameters, parameters, moments, replay, and the
// buffers that carry a gradient step from its first half to its second. Everything is allocated
// once.
#pragma once

#include <cmath>
#include <vector>

#include "host/base/learner.h"
#include "host/cpu/buffer.h"
#include "host/cpu/column_blocks.h"
#include "host/cpu/gemm.h"
#include "host/cpu/network.h"
#include "host/cpu/step_constants.h"
#include "host/ranks/ranks.h"
#include "kernels/random.h"

namespace sac::cpu {

/// What the first half of a gradient step leaves of one trained network for the update.
template <class Arithmetic>
class NetworkScratch {
 public:
  using T = typename Arithmetic::Real;
  using Operand = typename Arithmetic::Operand;

  /// Of the batch's tiles the process has `tiles`.
  NetworkScratch(int batch, ranks::Part tiles, const NetworkLayout& layout)
      : h1(static_cast<size_t>(batch) * layout.hidden),
        dz2(batch, layout.hidden),
        layout_(layout),
        tiles_(tiles),
        thin_(tiles.count() * thin_stride()) {}

  /// The thin tensors' gradient, summed over the rows of one tile.
  ThinGradient<T> thin(int tile) {
    return {thin_.data() + (tile - tiles_.begin) * thin_stride(), layout_};
  }
  /// Adds up the tiles, in order, in place of the first.
  ThinGradient<T> sum_of_tiles();

  size_t bytes() const { return h1.bytes() + dz2.bytes() + thin_.bytes(); }

  Buffer<Operand> h1;         ///< [B, H] activations
  ColumnBlocks<Operand> dz2;  ///< [B, H] gradients of the pre-activations

 private:
  size_t thin_stride() const { return aligned(ThinGradient<T>::size(layout_)); }

  NetworkLayout layout_;
  ranks::Part tiles_;
  Buffer<T> thin_;
};

/// A batch as the roles read it. Observations carry a trailing 1 (see network.h).
template <class T>
struct BatchBuffers {
  BatchBuffers(int batch, const Shape& s)
      : obs(static_cast<size_t>(batch) * (s.obs + 1)),
        policy_obs(obs.size()),
        next_obs(obs.size()),
        action(batch * s.act),
        reward(batch),
        terminated(batch),
        target_noise(batch * s.act),
        policy_noise(batch * s.act) {}

  size_t bytes() const {
    size_t total = 0;
    for (const Buffer<T>* b : {&obs, &policy_obs, &next_obs, &action, &reward, &terminated,
                               &target_noise, &policy_noise}) {
      total += b->bytes();
    }
    return total;
  }

  // The two roles run side by side, so each fills its own copy of the observations.
  Buffer<T> obs, policy_obs, next_obs;   ///< [B, O + 1]
  Buffer<T> action;                      ///< [B, A], as it was taken
  Buffer<T> reward, terminated;          ///< [B]
  Buffer<T> target_noise, policy_noise;  ///< [B, A]
};

/// One network's weights in the forms that its products read, beside the master parameters.
template <class Arithmetic>
class WeightCopies {
 public:
  using T = typename Arithmetic::Real;
  using Operand = typename Arithmetic::Operand;

  WeightCopies(const Shape& shape, Network n);

  NetworkWeights<Arithmetic> weights(const Buffer<T>& parameters) const;

  /// Row of w1t that holds input column i: the bias stands between observation and action.
  int w1t_row(int i) const { return i < obs_ ? i : i + 1; }

  /// Brings everything up to date with the agent's parameter vector.
  void refresh(const Buffer<T>& parameters);
  void refresh_first_layer(const Buffer<T>& parameters);
  /// Rows row0, row0 + 1, ... of W2, as many as `transpose` was made for (columns: H).
  void refresh_w2(const Buffer<T>& parameters, int row0, int rows, Transpose<Operand>& transpose);

  size_t bytes() const { return w1t_.bytes() + w2_.bytes() + w2t_.bytes(); }

 private:
  NetworkLayout layout_;
  int obs_;
  Buffer<T> w1t_;        ///< [in + 1, H]
  Buffer<Operand> w2_;   ///< [H, H], rounded; empty where the parameters themselves serve
  Buffer<Operand> w2t_;  ///< [H, H]
};

template <class Arithmetic>
struct Agent {
  using T = typename Arithmetic::Real;

  /// `tiles`: of the batch, this process's.
  Agent(const LearnerConfig& config, RandomKey agent_key, ranks::Part tiles);

  NetworkWeights<Arithmetic> weights(Network n) const {
    return copies[static_cast<size_t>(n)].weights(parameters);
  }
  NetworkScratch<Arithmetic>& scratch(Network n) { return network_scratch[static_cast<size_t>(n)]; }

  /// The temperature: 1 in sac_v1, where the reward's scale stands for it.
  T alpha() const {
    return shape.algorithm == Algorithm::sac_v1 ? T(1)
                                                : std::exp(parameters[log_alpha_offset(shape)]);
  }

  /// PyTorch's default for linear layers: weights and biases U(-1/sqrt(in), 1/sqrt(in)).
  void initialise(double initial_alpha);
  /// Brings the weight copies of all networks up to date with the parameters.
  void refresh_copies();

  size_t bytes() const;

  Shape shape;
  RandomKey key;
  Hyperparameters hyper;
  StepConstants<T> constants;            ///< of them
  Buffer<T> parameters, adam_m, adam_v;  ///< layout of kernels/layout.h
  Buffer<T> gradients;                   ///< likewise, of the latest step; zero where there is none
  Buffer<T> replay;                      ///< [capacity, record_layout(shape).size]
  BatchBuffers<T> batch;
  std::vector<NetworkScratch<Arithmetic>> network_scratch;  ///< of the trained networks
  std::vector<WeightCopies<Arithmetic>> copies;             ///< all five networks
  std::vector<Losses> tile_losses;  ///< sums over each own tile's rows; alpha: of entropy_deficit
  Losses losses;                    ///< means over the batch of the latest step
};

}  // namespace sac::cpu
