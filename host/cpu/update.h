// The second half of a gradient step: from the scratch of the first to new parameters. Every task
// owns a part of one network: it reduces the weight gradient over the whole batch in a fixed order,
// applies Adam at once, moves its target towards it, and brings the weight copies up to date.
#pragma once

#include "host/cpu/agent.h"
#include "kernels/sac/adam.h"

namespace sac::cpu {

/// The tasks of one agent: per trained network, blocks of W2's rows, then the thin tensors.
struct UpdateTasks {
  explicit UpdateTasks(const Shape& s)
      : networks(trained_networks(s.algorithm)), blocks((s.hidden + kBlockRows - 1) / kBlockRows) {}

  static constexpr int kBlockRows = kBlockColumns;  ///< dz2's columns
  int networks;
  int blocks;  ///< of W2, per network
  int count() const { return networks * (blocks + 1); }
};

/// Adam's numbers for step number `step`, counted from 1.
template <class T>
AdamStep<T> adam_step(const Hyperparameters& h, double learning_rate, int64_t step);

/// What one gradient step needs besides the agent.
template <class T>
struct UpdateConstants {
  UpdateConstants(const Hyperparameters& h, int64_t step)
      : policy(adam_step<T>(h, h.policy_lr, step)),
        q(adam_step<T>(h, h.q_lr, step)),
        value(adam_step<T>(h, h.value_lr, step)),
        alpha(adam_step<T>(h, h.alpha_lr, step)),
        tau(static_cast<T>(h.tau)) {}

  const AdamStep<T>& of(Network n) const {
    return n == Network::pi ? policy : n == Network::v ? value : q;
  }
  AdamStep<T> policy, q, value, alpha;
  T tau;
};

/// sac_v2's temperature, once the tasks are done: `deficit` is the batch's mean of entropy_deficit.
template <class Arithmetic>
void update_alpha(Agent<Arithmetic>& agent, const UpdateConstants<typename Arithmetic::Real>& c,
                  double deficit);

/// One worker's prepared products and scratch memory.
template <class Arithmetic>
class Update {
 public:
  using T = typename Arithmetic::Real;
  using Operand = typename Arithmetic::Operand;

  /// Reduces over rows [row0, row0 + rows) of the batch.
  Update(int row0, int rows, const Shape& shape);

  /// Task `task` of this agent: both halves of it.
  void run(Agent<Arithmetic>& agent, const UpdateConstants<T>& c, int task) {
    reduce(agent, task);
    apply(agent, c, task);
  }

  /// The gradient of the task's parameters over the rows of this process, into agent.gradients.
  void reduce(Agent<Arithmetic>& agent, int task);
  /// From there to the parameters, their targets and their copies.
  void apply(Agent<Arithmetic>& agent, const UpdateConstants<T>& c, int task);

 private:
  /// For blocks of W2 with a given number of rows.
  struct Block {
    Block(int rows, int batch, int hidden);
    int rows;
    Product<Operand> gradient;
    Transpose<Operand> copy;
  };

  struct Part {
    Network network;
    int block;  ///< of W2's rows; -1: the thin tensors
  };
  Part part(int task) const;
  void reduce_w2(Agent<Arithmetic>& agent, Network n, int block);
  void reduce_thin(Agent<Arithmetic>& agent, Network n);
  void apply_w2(Agent<Arithmetic>& agent, const UpdateConstants<T>& c, Network n, int block);
  void apply_thin(Agent<Arithmetic>& agent, const UpdateConstants<T>& c, Network n);
  /// Adam on parameters [offset, offset + count), and the soft update if they have a target.
  void step(Agent<Arithmetic>& agent, const UpdateConstants<T>& c, Network n, size_t offset,
            int count) const;
  size_t first_row(int block) const { return size_t{UpdateTasks::kBlockRows} * block; }
  Block& prepared(int block) { return block == tasks_.blocks - 1 ? last_ : full_; }

  Shape shape_;
  UpdateTasks tasks_;
  int row0_;  ///< the first of this process's rows of the batch
  Block full_, last_;
};

}  // namespace sac::cpu
