// The role of the Q networks on a tile of rows: the value of s', and the losses of eq. 7 with their
// gradients.
#pragma once

#include "host/cpu/backward.h"
#include "host/cpu/forward.h"
#include "host/cpu/next_value.h"
#include "host/cpu/sampled_records.h"
#include "host/cpu/step_constants.h"

namespace sac::cpu {

/// One worker's prepared products and scratch memory for tiles of a fixed number of rows.
template <class Arithmetic>
class QRole {
 public:
  using T = typename Arithmetic::Real;
  using Operand = typename Arithmetic::Operand;

  QRole(int rows, const Shape& shape);

  int rows() const { return forward_.rows(); }

  /// Fills the transitions of rows row0 .. row0 + rows, and the noise at s'.
  void sample(Agent<Arithmetic>& agent, int row0, uint64_t update, uint32_t size);

  /// Fills the scratch of q1 and q2 for these rows, which are tile number `tile`; the losses get
  /// the sums of eq. 7 over them.
  void run(Agent<Arithmetic>& agent, const StepConstants<T>& c, int tile, int row0, Losses& losses);

 private:
  void q_target(const Agent<Arithmetic>& agent, const StepConstants<T>& c, int row0);
  double q_gradient(Agent<Arithmetic>& agent, const StepConstants<T>& c, int tile, int row0,
                    Network n);

  Shape shape_;
  Forward<Arithmetic> forward_;
  Backward<Arithmetic> backward_;
  SampledRecords<Arithmetic> records_;
  NextValue<Arithmetic> next_value_;
  Buffer<T> h2_;                ///< [rows, H]
  Buffer<T> target_, q_, d_q_;  ///< [rows]
};

}  // namespace sac::cpu
