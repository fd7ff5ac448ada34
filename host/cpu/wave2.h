// Wave 2 of a gradient step: from the traces of wave 1 to new parameters. Every task owns a part
// of one network: it reduces the weight gradient over the whole batch in a fixed order, applies
// Adam at once, moves v_target towards the new v, and brings the forward copies up to date.
#pragma once

#include "host/cpu/agent.h"

namespace sac {

/// The tasks of one agent: per trained network, blocks of W2's rows, then the thin tensors.
struct Wave2Tasks {
  explicit Wave2Tasks(int hidden) : blocks((hidden + kBlockRows - 1) / kBlockRows) {}

  static constexpr int kBlockRows = 64;
  int blocks;  ///< of W2, per network
  int count() const { return kTrainedNetworks * (blocks + 1); }
};

/// Adam's numbers for one step (Kingma and Ba 2015), bias corrections included.
template <class T>
struct AdamStep {
  AdamStep(const Hyperparameters& h, double lr, int64_t step);
  T beta1, beta2, eps;
  T step_size;       ///< lr / (1 - beta1^t)
  T inv_sqrt_scale;  ///< 1 / sqrt(1 - beta2^t)
};

/// What one gradient step needs besides the traces.
template <class T>
struct UpdateConstants {
  UpdateConstants(const Hyperparameters& h, int64_t step)
      : policy(h, h.policy_lr, step),
        q(h, h.q_lr, step),
        value(h, h.value_lr, step),
        tau(static_cast<T>(h.tau)) {}

  const AdamStep<T>& of(Network n) const {
    return n == Network::pi ? policy : n == Network::v ? value : q;
  }
  AdamStep<T> policy, q, value;
  T tau;
};

/// One worker's prepared products and scratch memory.
template <class T>
class Wave2 {
 public:
  Wave2(int batch, const Shape& shape, Precision operands);

  /// Task `task` of this agent. Where `gradients` is not null (layout of the parameters) the
  /// gradient is written there too.
  void run(Agent<T>& agent, const UpdateConstants<T>& c, int task, T* gradients);

 private:
  void update_w2(Agent<T>& agent, const UpdateConstants<T>& c, Network n, int block, T* gradients);
  void update_thin(Agent<T>& agent, const UpdateConstants<T>& c, Network n, T* gradients);
  /// Adam on parameters [offset, offset + count), and the soft update if they are v's.
  void apply(Agent<T>& agent, const UpdateConstants<T>& c, Network n, size_t offset, int count,
             const T* gradient, T* gradients) const;

  /// dJ_V/dV of every row, now that both of its parts are known; and the sum of eq. 5.
  double value_error(const BatchBuffers<T>& batch);

  /// For blocks of W2 with a given number of rows.
  struct Block {
    Block(int rows, int batch, int hidden, Precision operands);
    int rows;
    Product<T> gradient;         ///< dz2 as it lies in the trace
    Product<T> scaled_gradient;  ///< dz2 of these rows alone, packed
    Transpose<T> copy;
  };

  int batch_;
  Shape shape_;
  Wave2Tasks tasks_;
  Block full_, last_;
  Buffer<T> block_gradient_;  ///< [kBlockRows, H]
  Buffer<T> w1t_gradient_;    ///< [in + 1, H]
  Buffer<T> gradient_;        ///< one thin tensor
  Buffer<T> value_dy_;        ///< [B]
  Buffer<T> scaled_dz2_;      ///< [B, kBlockRows]
  Buffer<T> scaled_obs_;      ///< [B, O + 1]
};

extern template class Wave2<float>;
extern template class Wave2<double>;
extern template struct AdamStep<float>;
extern template struct AdamStep<double>;

}  // namespace sac
