// The role of pi on a tile of rows, and of V where the algorithm has one: the policy's actions, the
// Q values under them, the target of eq. 5 with V's gradient, and the gradient of eq. 12.
#pragma once

#include <array>
#include <vector>

#include "host/cpu/backward.h"
#include "host/cpu/forward.h"
#include "host/cpu/sampled_records.h"
#include "host/cpu/sampling.h"
#include "host/cpu/step_constants.h"

namespace sac::cpu {

/// One worker's prepared products and scratch memory for tiles of a fixed number of rows.
template <class Arithmetic>
class PolicyRole {
 public:
  using T = typename Arithmetic::Real;
  using Operand = typename Arithmetic::Operand;

  PolicyRole(int rows, const Shape& shape);

  int rows() const { return forward_.rows(); }

  /// Fills policy_obs and the noise at s of rows row0 .. row0 + rows.
  void sample(Agent<Arithmetic>& agent, int row0, uint64_t update, uint32_t size);

  /// Fills the scratch of pi and V for these rows, which are tile number `tile`; the losses get the
  /// sums of eq. 5 and eq. 12 over them, and `alpha` that of what the temperature learns from.
  void run(Agent<Arithmetic>& agent, const StepConstants<T>& c, int tile, int row0, Losses& losses);

 private:
  void sample_actions(Agent<Arithmetic>& agent, const StepConstants<T>& c, int row0);
  void q_values(const Agent<Arithmetic>& agent);
  double value_gradient(Agent<Arithmetic>& agent, const StepConstants<T>& c, int tile, int row0);
  double policy_loss(T alpha) const;
  double entropy_deficit(T target_entropy) const;
  void action_gradient(const Agent<Arithmetic>& agent);
  void policy_gradient(Agent<Arithmetic>& agent, const StepConstants<T>& c, int tile, int row0);

  const T* obs_rows(const Agent<Arithmetic>& agent, int row0) const {
    return &agent.batch.policy_obs[row0 * (shape_.obs + 1)];
  }
  Operand* h1_rows(Agent<Arithmetic>& agent, Network n, int row0) const {
    return &agent.scratch(n).h1[static_cast<ptrdiff_t>(row0) * shape_.hidden];
  }

  T log_prob(int sample) const { return samples_.log_prob_of(sample, shape_.act); }

  /// One Q network on all samples.
  struct QValues {
    QValues(int samples, int hidden) : h1(samples * hidden), h2(h1.size()), values(samples) {}
    Buffer<Operand> h1;
    Buffer<T> h2, values;
  };

  Shape shape_;
  const bool trains_v_;
  const int samples_per_row_;                      ///< eq. 12's, and where there is a V eq. 5's
  Forward<Arithmetic> forward_, forward_samples_;  ///< of the rows, and of all their samples
  Backward<Arithmetic> backward_;
  SampledRecords<Arithmetic> records_;

  // Of all rows the samples of eq. 12, [rows], then those of eq. 5, [rows].
  Buffer<T> sample_obs_;              ///< [samples, O + 1]
  Buffer<T> mean_, log_std_, noise_;  ///< [samples, A]
  TanhGaussianArray<T> samples_;
  std::array<QValues, 2> q_;

  Buffer<T> policy_h2_, value_h2_;           ///< [rows, H]
  Buffer<T> heads_, d_heads_;                ///< [rows, 2A]
  Buffer<T> d_mean_, d_log_std_, d_action_;  ///< [rows, A]
  Buffer<T> value_, d_value_;                ///< [rows]
  std::vector<int> smaller_rows_;            ///< where Q1 is the smaller, then where Q2 is
};

}  // namespace sac::cpu
