// The policy on a tile of environments: observations in, actions out. One per worker.
#pragma once

#include "host/cpu/agent.h"
#include "host/cpu/sampling.h"
#include "host/cpu/wave1.h"

namespace sac {

template <class T>
class Actor {
 public:
  Actor(int rows, const Shape& shape, Precision operands);

  int rows() const { return mlp_.rows(); }

  /// Where the caller puts the observations, [rows, O + 1]; the trailing ones are already there.
  T* obs() { return obs_.data(); }
  const T* obs() const { return obs_.data(); }
  const T* action() const { return sample_.action.data(); }  ///< [rows, A], environment units

  /// Uniform in [-m, m] (no network involved); rows are environments first_env, first_env + 1, ...
  void act_at_random(const Agent<T>& agent, const StepConstants<T>& c, int64_t first_env,
                     uint64_t vector_step);

  /// m tanh(mean + std noise), the noise that of the environment at this vector step.
  void explore(const Agent<T>& agent, const StepConstants<T>& c, int64_t first_env,
               uint64_t vector_step);

  /// m tanh(mean).
  void exploit(const Agent<T>& agent, const StepConstants<T>& c);

 private:
  void run_policy(const Agent<T>& agent, const StepConstants<T>& c);

  Shape shape_;
  TileMlp<T> mlp_;
  Buffer<T> obs_, h1_, h2_, heads_;
  Buffer<T> mean_, log_std_, noise_;
  TanhGaussianArray<T> sample_;
};

extern template class Actor<float>;
extern template class Actor<double>;

}  // namespace sac
