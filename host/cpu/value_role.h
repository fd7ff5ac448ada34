// Wave 1, the values' role on a tile of rows: V and its way back, V-(s'), and the losses of eq. 7
// with their gradients. The target of eq. 5 is being computed elsewhere at this moment, so V goes
// back with dy = 1; wave 2 applies the true factor of each row, to which all of it is proportional.
#pragma once

#include "host/cpu/wave1.h"

namespace sac {

/// One worker's prepared products and scratch memory for tiles of a fixed number of rows.
template <class T>
class ValueRole {
 public:
  ValueRole(int rows, const Shape& shape, Precision operands);

  int rows() const { return mlp_.rows(); }

  /// Fills the transitions of rows row0 .. row0 + rows.
  void sample(Agent<T>& agent, int row0, uint64_t update, uint32_t size);

  /// Fills `value` and the traces of v, q1 and q2 for these rows; the losses get the sums of eq. 7.
  void run(Agent<T>& agent, const StepConstants<T>& c, int row0, double& q1_loss, double& q2_loss);

 private:
  void unit_value_gradient(Agent<T>& agent, int row0);
  void q_target(const Agent<T>& agent, const StepConstants<T>& c, int row0);
  double q_gradient(Agent<T>& agent, const StepConstants<T>& c, int row0, Network n);
  const T* obs_rows(const Agent<T>& agent, int row0) const;

  Shape shape_;
  TileMlp<T> mlp_;
  SampledRecords<T> records_;
  Buffer<T> h1_, h2_;     ///< of v_target
  Buffer<T> target_, q_;  ///< [rows]
  Buffer<T> ones_;        ///< [rows]
};

extern template class ValueRole<float>;
extern template class ValueRole<double>;

}  // namespace sac
