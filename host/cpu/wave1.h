// Wave 1 of a gradient step: from the replay to the gradients of every pre-activation, for a tile
// of rows. Tiles are independent; all of them read the parameters as they are before the step.
#pragma once

#include "host/cpu/agent.h"
#include "host/cpu/sampling.h"

namespace sac {

/// How a batch is cut into tiles: fixed by the batch alone, so that the bits do not depend on the
/// number of threads. An even number of tiles of at most 64 rows keeps two threads equally busy.
struct Tiling {
  int count, rows;  ///< all tiles have `rows` rows but the last, which may have fewer

  explicit Tiling(int batch);
  int begin(int tile) const { return tile * rows; }
  int rows_of(int tile, int batch) const;
};

/// The parts of a gradient step that follow from the configuration.
template <class T>
struct StepConstants {
  explicit StepConstants(const LearnerConfig& c);
  T gamma, reward_scale, max_action, log_std_low, log_std_high;
  T row_weight;  ///< 1 / batch
};

/// One worker's prepared products and scratch memory for tiles of a fixed number of rows.
template <class T>
class Wave1 {
 public:
  Wave1(int rows, const Shape& shape);

  int rows() const { return mlp_.rows(); }

  /// Rows row0 .. row0 + rows of gradient step `update`: indices, transitions and noise.
  /// `size` transitions lie in the replay.
  void sample(Agent<T>& agent, int row0, uint64_t update, uint32_t size);

  /// Targets, losses and gradients of these rows, into the agent's traces and the tile's losses.
  void gradients(Agent<T>& agent, const StepConstants<T>& c, int row0, Losses& losses);

 private:
  void policy_samples(Agent<T>& agent, const StepConstants<T>& c, int row0);
  void value_gradient(Agent<T>& agent, const StepConstants<T>& c, int row0, Losses& losses);
  void policy_gradient(Agent<T>& agent, const StepConstants<T>& c, int row0, Losses& losses);
  void q_gradients(Agent<T>& agent, const StepConstants<T>& c, int row0, Losses& losses);

  const T* obs_rows(const Agent<T>& agent, int row0) const;
  void sum_log_prob(const TanhGaussianArray<T>& samples);

  /// Activations and pre-activation gradients that wave 2 does not need.
  struct Scratch {
    explicit Scratch(size_t size) : h1(size), h2(size), dz1(size), dz2(size) { dz2.fill(0); }
    Buffer<T> h1, h2, dz1, dz2;
  };

  Shape shape_;
  TileMlp<T> mlp_;
  Scratch q1_, q2_;
  TanhGaussianArray<T> value_sample_, policy_sample_;
  Buffer<T> heads_;                                   ///< [rows, 2A]
  Buffer<T> mean_, log_std_, noise_;                  ///< [rows, A]
  Buffer<T> d_mean_, d_log_std_, d_action_;           ///< [rows, A]
  std::vector<int> smaller_rows_;                     ///< where Q1 is the smaller, then where Q2 is
  std::vector<const T*> records_;                     ///< of the replay, one per row
  Buffer<T> log_prob_, q1_value_, q2_value_, value_;  ///< [rows]
};

extern template class Wave1<float>;
extern template class Wave1<double>;
extern template struct StepConstants<float>;
extern template struct StepConstants<double>;

}  // namespace sac
