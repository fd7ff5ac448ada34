// Wave 1, the policy's role on a tile of rows: pi, the four Q values under its actions, the target
// of eq. 5 and the gradient of eq. 12.
#pragma once

#include <vector>

#include "host/cpu/sampling.h"
#include "host/cpu/wave1.h"

namespace sac {

/// One worker's prepared products and scratch memory for tiles of a fixed number of rows.
template <class T>
class PolicyRole {
 public:
  PolicyRole(int rows, const Shape& shape, Precision operands);

  int rows() const { return mlp_.rows(); }

  /// Fills policy_obs and the noise of rows row0 .. row0 + rows.
  void sample(Agent<T>& agent, int row0, uint64_t update, uint32_t size);

  /// Fills value_target and pi's trace for these rows; `loss` gets the sum of eq. 12 over them.
  void run(Agent<T>& agent, const StepConstants<T>& c, int row0, double& loss);

 private:
  void sample_actions(Agent<T>& agent, const StepConstants<T>& c, int row0);
  void value_target(Agent<T>& agent, const T* obs, int row0);
  double policy_loss(Agent<T>& agent, const T* obs);
  void action_gradient(const Agent<T>& agent);
  void policy_gradient(Agent<T>& agent, const StepConstants<T>& c, int row0);

  void q_values(const Agent<T>& agent, const T* obs, const TanhGaussianArray<T>& samples);
  void sum_log_prob(const TanhGaussianArray<T>& samples);

  /// Activations of one Q network and what is computed on the way back through it.
  struct Scratch {
    explicit Scratch(size_t size) : h1(size), h2(size), dz1(size), dz2(size) { dz2.fill(0); }
    Buffer<T> h1, h2, dz1, dz2;
  };

  Shape shape_;
  TileMlp<T> mlp_;
  SampledRecords<T> records_;
  Scratch q1_, q2_;
  TanhGaussianArray<T> value_sample_, policy_sample_;
  Buffer<T> heads_;                           ///< [rows, 2A]
  Buffer<T> mean_, log_std_, noise_;          ///< [rows, A]
  Buffer<T> d_mean_, d_log_std_, d_action_;   ///< [rows, A]
  Buffer<T> log_prob_, q1_value_, q2_value_;  ///< [rows]
  std::vector<int> smaller_rows_;             ///< where Q1 is the smaller, then where Q2 is
};

extern template class PolicyRole<float>;
extern template class PolicyRole<double>;

}  // namespace sac
