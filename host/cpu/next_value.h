// What eq. 7 takes for the value of the next state, on a tile of rows: v_target's of s', or where
// there is no V the soft value of an action that the policy takes there, by both target Qs.
#pragma once

#include <array>
#include <vector>

#include "host/cpu/agent.h"
#include "host/cpu/forward.h"
#include "host/cpu/sampling.h"
#include "host/cpu/step_constants.h"

namespace sac::cpu {

/// One worker's prepared products and scratch memory for tiles of a fixed number of rows.
template <class Arithmetic>
class NextValue {
 public:
  using T = typename Arithmetic::Real;
  using Operand = typename Arithmetic::Operand;

  NextValue(int rows, const Shape& shape);

  /// Fills the noise at s' of rows row0 .. row0 + rows, if any is needed.
  void sample(Agent<Arithmetic>& agent, int row0, uint64_t update) const;

  /// The values of these rows of the batch, [rows].
  void run(const Agent<Arithmetic>& agent, const StepConstants<T>& c, int row0, T* values);

 private:
  /// a' ~ pi(.|s').
  struct Actions {
    Actions(int rows, const Shape& shape);
    Buffer<T> heads;                 ///< [rows, 2A]
    Buffer<T> mean, log_std, noise;  ///< [rows, A]
    TanhGaussianArray<T> samples;
    std::array<Buffer<T>, 2> q;  ///< [rows]
  };

  void forward(const Agent<Arithmetic>& agent, Network n, const NetworkInput<T>& x, T* output);
  void sample_actions(const Agent<Arithmetic>& agent, const StepConstants<T>& c, int row0,
                      const NetworkInput<T>& next);

  Shape shape_;
  Forward<Arithmetic> forward_;
  Buffer<Operand> h1_;            ///< [rows, H]
  Buffer<T> h2_;                  ///< [rows, H]
  std::vector<Actions> actions_;  ///< one, or none where v_target tells the value
};

}  // namespace sac::cpu
