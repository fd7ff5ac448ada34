// The policy on a tile of environments: observations in, actions out. One per worker.
#pragma once

#include "host/cpu/agent.h"
#include "host/cpu/forward.h"
#include "host/cpu/sampling.h"
#include "host/cpu/step_constants.h"

namespace sac::cpu {

template <class Arithmetic>
class PolicyRows {
 public:
  using T = typename Arithmetic::Real;
  using Weights = NetworkWeights<Arithmetic>;

  PolicyRows(int rows, const Shape& shape);

  int rows() const { return forward_.rows(); }

  /// Where the caller puts the observations, [rows, O + 1]; the trailing ones are already there.
  T* obs() { return obs_.data(); }
  const T* obs() const { return obs_.data(); }
  const T* action() const { return actions_.action.data(); }  ///< [rows, A], environment units

  /// Uniform in [-m, m] (no network involved); rows are environments first_env, first_env + 1, ...
  void act_at_random(RandomKey key, const StepConstants<T>& c, int64_t first_env,
                     uint64_t vector_step);

  /// m tanh(mean + std noise), the noise that of the environment for `purpose` at this vector step.
  void sample(const Weights& pi, RandomKey key, Purpose purpose, const StepConstants<T>& c,
              int64_t first_env, uint64_t vector_step);

  /// m tanh(mean).
  void exploit(const Weights& pi, const StepConstants<T>& c);

 private:
  void run_policy(const Weights& pi, const StepConstants<T>& c);

  Shape shape_;
  Forward<Arithmetic> forward_;
  Buffer<typename Arithmetic::Operand> h1_;
  Buffer<T> obs_, h2_, heads_;
  Buffer<T> mean_, log_std_, noise_;
  TanhGaussianArray<T> actions_;
};

}  // namespace sac::cpu
